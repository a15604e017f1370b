"""How long a citizen waits between the last touch and "Cảm ơn": one durable write on the device's disk.

    python -m benchmarks.kiosk_thanks [--citizens 100]

Real Chromium on a profile on disk, no network, so only the device works. Aim: under 100 ms.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from benchmarks.kiosk_faults import prepare
from survey.foundation.commands.progress import progress, shown
from tests.kiosk.faults.run import FaultRun, fault_run

# The touch is dispatched in the page; the clock stops when the thanks stand in the document.
TIMED = """() => new Promise((resolve) => {
    const screen = document.getElementById('screen');
    const began = performance.now();
    new MutationObserver((_, observer) => {
        if (screen.dataset.screen !== 'thanks') return;
        observer.disconnect();
        resolve(performance.now() - began);
    }).observe(screen, { attributes: true });
    document.getElementById('send').click();
})"""


def wait_of_one_citizen(run: FaultRun) -> float:
    """Milliseconds from "Gửi đánh giá" to "Cảm ơn"."""
    run.kiosk.begin()
    run.kiosk.choose(4)
    run.kiosk.choose(5)
    run.kiosk.page.wait_for_selector("#send")
    took: float = run.kiosk.page.evaluate(TIMED)
    run.kiosk.leave_thanks()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--citizens", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{folder}/kiosk.sqlite3"
        code = prepare(url)
        with fault_run(playwright.chromium, url, Path(folder) / "profile", seed=1) as run:
            run.pair(code)
            run.proxy.go_offline()
            waits = [
                wait_of_one_citizen(run) for _ in progress(range(arguments.citizens), "Citizens", arguments.citizens)
            ]
    slowest_tenth = quantiles(waits, n=10)[-1]
    print(f"median {median(waits):.0f} ms, nine of ten within {slowest_tenth:.0f} ms, longest {max(waits):.0f} ms")


if __name__ == "__main__":
    with shown():
        main()
