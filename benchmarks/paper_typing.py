"""How long a clerk needs for a paper form whose every question is answered, at a steady pace of keys.

    python -m benchmarks.paper_typing [--forms 20] [--keys 5]

Real Chromium at the desk's page; `--keys` a second is a clerk used to the number pad. Aim: under ten seconds a form.
"""

from __future__ import annotations

import argparse
import socket
import tempfile
import time
from statistics import median

import flask_migrate
from playwright.sync_api import Page, expect, sync_playwright

from survey.channels.paper.numbers import printed, serials_of
from survey.foundation.commands.progress import progress, shown
from survey.foundation.configuration.settings import Settings
from tests.channels.world import HEALTH, make_world
from tests.support.applications import SECRET_KEY, application, serving
from tests.support.browsers import CHROMIUM, FLAGS
from tests.support.staff import PASSWORD, make_user

FOCUSED = "document.activeElement.id"


def opened_batch(page: Page, url: str, forms: int) -> list[str]:
    """Sign in, print forms of the sector's short form, and open a batch of them; their numbers."""
    page.goto(f"{url}/desk/counters/{HEALTH}/paper")
    page.fill("#username", "van-thu")
    page.fill("#password", PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/paper")
    page.locator("#version").select_option(
        label=next(filter(is_short, page.locator("#version").inner_text().split("\n")))
    )
    page.locator("#count").fill(str(forms))
    page.locator("#count").press("Enter")
    page.wait_for_url("**/paper/runs/*")
    numbers = [printed(serial) for serial in serials_of(int(page.url.rpartition("/")[2]), forms)]
    page.locator("#expected").fill(str(forms))
    page.locator("#expected").press("Enter")
    page.wait_for_url("**/paper/batches/*")
    return numbers


def is_short(option: str) -> bool:
    """Whether a form is the sector's short one."""
    return "(health, " in option


def type_form(page: Page, number: str, answer: str, pause: float) -> tuple[float, int]:
    """Seconds from the first digit of the number to the page of the next form, and how many boxes were filled."""
    began, boxes = time.perf_counter(), 1
    page.keyboard.type(number.replace(" ", ""), delay=pause)
    page.keyboard.press("Enter", delay=pause)
    while page.evaluate(FOCUSED) != "comment":
        page.keyboard.type(answer, delay=pause)
        boxes += 1
    with page.expect_navigation():
        page.keyboard.press("Enter", delay=pause)  # a habit's, which the comment forgives
        page.keyboard.press("Enter", delay=pause)
    expect(page.locator("#form-number")).to_be_focused()
    return time.perf_counter() - began, boxes


def main() -> None:
    """Type a pile and print what one of its forms took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", type=int, default=20)
    parser.add_argument("--keys", type=float, default=5.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        database = f"sqlite:///{folder}/paper.sqlite3"
        settings = Settings(secret_key=SECRET_KEY, database_url=database, public_url=url, testing=True, release_step=0)
        with application(settings) as app, serving(app, listener), sync_playwright() as playwright:
            with app.app_context():
                flask_migrate.upgrade()
            make_world(app)
            make_user(app, "van-thu", "officer")
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            numbers = opened_batch(page, url, asked.forms)
            pause = 1000 / asked.keys
            each = progress(enumerate(numbers), "Forms", len(numbers))
            typed = [type_form(page, number, str(place % 5 + 1), pause) for place, number in each]
            browser.close()
    took = [seconds for seconds, _boxes in typed]
    print(
        f"{asked.forms} forms of {typed[0][1] - 1} questions at {asked.keys:g} keys a second: "
        f"median {median(took):.1f} s a form, longest {max(took):.1f} s"
    )


if __name__ == "__main__":
    with shown():
        main()
