"""A citizen's visit over 2G: when the form is painted, and when the thanks stand after pressing the button.

    python -m benchmarks.slow_network http://127.0.0.1:8000/c/DL-XM01-Q1 [--kbit 50] [--latency 2] [--limit 5]

Chromium's own throttling: every request waits the latency, then gets the bandwidth. Ends with 1 beyond the limit.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = [path for name in ("chromium-headless-shell", "chromium") if (path := Path("/usr/bin") / name).exists()]
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def main() -> None:
    """Visit once and print both times in seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    for name, usual in (("kbit", 50.0), ("latency", 2.0), ("limit", 5.0)):
        parser.add_argument(f"--{name}", type=float, default=usual)
    asked = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM[0]), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 740})
        throttle(page, asked.kbit, asked.latency)
        page.goto(asked.address, timeout=120_000)
        form = painted(page)
        page.check("input[type=radio][value='4'] >> nth=0", force=True)
        page.click(".send button", timeout=120_000)
        page.wait_for_selector(".tick", timeout=120_000)
        thanks = painted(page)
        browser.close()
    print(f"first paint {form:.1f} s, thanks {thanks:.1f} s at {asked.kbit:g} kbit/s and {asked.latency:g} s latency")
    sys.exit(max(form, thanks) > asked.limit)


def throttle(page: Page, kbit: float, latency: float) -> None:
    """Make the page's network slow, as the devices of users are."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    speed = kbit * 1000 / 8
    conditions = {"offline": False, "latency": latency * 1000, "downloadThroughput": speed, "uploadThroughput": speed}
    client.send("Network.emulateNetworkConditions", conditions)


def painted(page: Page) -> float:
    """Seconds from asking for the page to its first paint."""
    for _look in range(2400):  # two minutes
        milliseconds = page.evaluate(PAINTED)
        if milliseconds is not None:
            return float(milliseconds) / 1000
        page.wait_for_timeout(50)
    sys.exit("the page never painted")


if __name__ == "__main__":
    main()
