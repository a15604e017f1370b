"""A kiosk in a real browser, driven as a citizen and a member of staff would."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.kiosk.scripts import ASK_DISK, HOLD_SETTINGS, PAIR, RATE, SEND_NOW, TOUCH_THANKS, TYPE_PIN
from tests.kiosk.world import COUNTER
from tests.support.browsers import PATIENCE_S, evaluate, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.support.applications import LiveServer

TEN_INCH = {"width": 1280, "height": 800}
CORNER = (20, 20)
MODULES = "/static/kiosk"  # each by itself; in the shell they are one script


@dataclass
class KioskDriver:
    """One tab showing the kiosk of the server at `url`."""

    page: Page
    url: str
    pin: str = ""
    service: str = "Đăng ký khai sinh"

    def open(self) -> None:
        """Go to the kiosk's address."""
        self.page.goto(f"{self.url}/kiosk/")

    def pair(self, code: str) -> None:
        """From the first visit to the start screen."""
        self.open()
        self.page.fill("#code", code)
        self.page.click("button[type=submit]")
        self.wait_for("paired")
        self.pin = self.page.inner_text(".kiosk-pin").split()[-1]
        with self.page.expect_navigation():
            self.page.click("main .kiosk-button")
        self.wait_for_start()

    def open_beside(self) -> None:
        """Go to a page of the kiosk's that runs nothing."""
        self.page.goto(f"{self.url}/kiosk/manifest.webmanifest")

    def wait_for(self, screen: str) -> None:
        """Wait until a screen is there."""
        self.page.wait_for_selector(f"#screen[data-screen={screen}]")

    def wait_for_start(self) -> None:
        """Wait until the next citizen may begin, with a worker that keeps the shell."""
        self.page.wait_for_selector("#start")
        wait_until(self.page, "navigator.serviceWorker.ready.then(() => true)")

    def wait_for_worker(self) -> None:
        """Wait until the service worker is in charge of this page: from now on it starts without a network."""
        wait_until(self.page, "navigator.serviceWorker.controller !== null")

    @property
    def screen(self) -> str:
        """Which screen is there."""
        return self.page.get_attribute("#screen", "data-screen") or ""

    def begin(self, service: str | None = "Đăng ký khai sinh") -> None:
        """Stand before the start screen, which asks at once; `service` is chosen when it is asked for."""
        self.service = service or "Dịch vụ khác"
        self.page.wait_for_selector("#start")

    def choose(self, value: int) -> None:
        """Touch a face; after the last one choose the service."""
        self.page.click(f"[data-value='{value}']")
        if self.screen == "choice":
            self.page.get_by_role("button", name=self.service, exact=True).click()

    def send(self) -> str:
        """Touch "Gửi đánh giá" and read the thanks, which stay for a few seconds."""
        self.page.click("#send")
        thanks = self.page.wait_for_selector("#screen[data-screen=thanks] .kiosk-message")
        assert thanks is not None
        return thanks.text_content() or ""

    def touch_thanks(self) -> None:
        """Touch the thanks, if they have not gone by themselves."""
        self.page.evaluate(TOUCH_THANKS)

    def leave_thanks(self) -> None:
        """On to the next citizen."""
        self.touch_thanks()
        self.wait_for_start()

    def wait_until_touchable(self) -> None:
        """Wait until the screen takes touches: for a moment it does not, for the sake of double taps."""
        self.page.wait_for_selector("body:not(:has([inert]))")

    def rate(self, service_rating: int = 4, procedures_rating: int = 5) -> None:
        """One citizen, from the start screen to thanks and back, at once: for tests of what comes of it."""
        self.page.wait_for_selector("#start")
        self.page.evaluate(RATE, ["Đăng ký khai sinh", [service_rating, procedures_rating]])

    def open_staff_menu(self) -> None:
        """The gesture and the PIN."""
        self.call_staff()
        self.type_pin(self.pin)
        self.wait_for("staff")

    def call_staff(self) -> None:
        """The gesture, on a keyboard."""
        self.page.keyboard.press("Control+Alt+m")
        self.wait_for("pin")

    def type_pin(self, pin: str) -> None:
        """On the screen's own keypad, at once."""
        self.page.evaluate(TYPE_PIN, pin)

    def touch_pin(self, pin: str) -> None:
        """The same, digit by digit."""
        for digit in pin:
            self.page.click(f"[data-digit='{digit}']")

    def send_now(self) -> None:
        """Ask the staff menu to send what waits, and wait until it has tried."""
        self.page.evaluate(SEND_NOW)
        self.page.wait_for_selector("#send-now:not([data-pressed])")  # the menu is drawn anew when it has

    def status(self, row: str) -> str:
        """A line of the staff's table."""
        return self.page.inner_text(f"[data-row=status_{row}] td")

    def stored_here(self, store: str = "queue") -> list[dict[str, Any]]:
        """What lies on the device's own disk."""
        records: list[dict[str, Any]] = evaluate(self.page, ASK_DISK, [store, "getAll"])
        return records

    def waiting(self) -> int:
        """How many answers lie on the device's own disk, unsent."""
        count: int = evaluate(self.page, ASK_DISK, ["queue", "count"])
        return count

    def wait_until_sent(self) -> None:
        """Wait until nothing is left in the queue; as long as it gets shorter, for as long as it takes."""
        fewest, deadline = self.waiting(), time.monotonic() + PATIENCE_S
        while left := self.waiting():
            if left < fewest:
                fewest, deadline = left, time.monotonic() + PATIENCE_S
            assert time.monotonic() < deadline, f"still in the queue: {self.stored_here()[:3]}"
            self.page.wait_for_timeout(50)

    def hold_settings(self) -> None:
        """From now on the page waits when it reads its settings, until `release_settings`: a slow disk."""
        self.page.evaluate(HOLD_SETTINGS)

    def release_settings(self) -> None:
        """Let the disk answer; what waited for it has gone on when this returns."""
        self.page.evaluate("letGo()")


def pairing_code(server: LiveServer, counter: str = COUNTER) -> str:
    """A code as the desk gives it out."""
    from kiosk import pairing

    with server.app.app_context():
        return pairing.issue_code(counter)


def pair_at_once(kiosk: KioskDriver, server: LiveServer, counter: str = COUNTER) -> None:
    """To the start screen past the screens of pairing, as on any day but the first: the worker is in charge."""
    kiosk.open_beside()
    kiosk.pin = kiosk.page.evaluate(PAIR, [MODULES, pairing_code(server, counter)])
    kiosk.open()
    kiosk.wait_for_start()


def stored(server: LiveServer) -> list[tuple[Any, ...]]:
    """Answers, service, language and partial of what the server has, in the order it came."""
    url = server.app.config["SQLALCHEMY_DATABASE_URI"]
    return rows(url, "SELECT answers, service_id, language, partial FROM responses ORDER BY received_at")


def rows(database_url: str, query: str) -> list[tuple[Any, ...]]:
    """Ask an SQLite database from outside the application."""
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
