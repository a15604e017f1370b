"""A kiosk without a network, without HTTPS, without a part of the browser, without room on its disk."""

from __future__ import annotations

import pytest

from tests.kiosk.driving import TEN_INCH, KioskDriver, stored
from tests.support.applications import LiveServer
from tests.support.browsers import MakeContext

ICON_SIZE = "src => fetch(src).then((reply) => reply.blob()).then(createImageBitmap).then(({ width }) => width)"


def test_it_starts_without_a_network_after_a_restart(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.wait_for_worker()
    kiosk.page.context.set_offline(True)
    kiosk.page.close()
    kiosk.page = kiosk.page.context.new_page()
    kiosk.open()
    kiosk.rate()

    assert len(kiosk.stored_here()) == 1


def test_without_https_the_page_says_what_is_missing(live_server: LiveServer, new_context: MakeContext) -> None:
    page = new_context(viewport=TEN_INCH).new_page()
    # Chromium trusts 127.0.0.1; this is what it would report for the same page over plain HTTP from elsewhere.
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto(f"{live_server.url}/kiosk/")

    assert "https://" in page.inner_text("#screen[data-screen=missing]")


@pytest.mark.parametrize(("missing", "words"), [("locks", "Web Locks"), ("serviceWorker", "service worker")])
def test_a_browser_without_what_a_kiosk_needs_is_told_so(
    live_server: LiveServer, new_context: MakeContext, missing: str, words: str
) -> None:
    page = new_context(viewport=TEN_INCH).new_page()
    page.add_init_script(f"delete Navigator.prototype.{missing}")
    page.goto(f"{live_server.url}/kiosk/")

    [told] = page.wait_for_selector("#screen[data-screen=missing] ul").inner_text().splitlines()  # type: ignore[union-attr]
    assert words in told


def test_a_disk_that_refuses_gets_no_thanks_unless_the_server_has_the_answer(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    kiosk.begin()
    kiosk.choose(4)
    kiosk.choose(5)
    kiosk.page.evaluate(
        "() => { IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    kiosk.page.context.set_offline(True)
    kiosk.page.click("#send")
    kiosk.wait_for("not-saved")
    assert stored(live_server) == []

    kiosk.page.context.set_offline(False)
    kiosk.page.get_by_role("button", name="Thử lại").click()
    kiosk.wait_for("thanks")
    assert len(stored(live_server)) == 1


def test_without_indexeddb_nobody_is_asked_anything_and_the_page_says_why(
    live_server: LiveServer, new_context: MakeContext
) -> None:
    page = new_context(viewport=TEN_INCH).new_page()
    page.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }")
    page.goto(f"{live_server.url}/kiosk/")

    told = page.inner_text("#screen[data-screen=missing]")
    assert "Không mở được bộ nhớ IndexedDB" in told
    assert "SecurityError: no" in told


def test_the_kiosk_is_installable_full_screen_with_its_icons(live_server: LiveServer, new_context: MakeContext) -> None:
    page = new_context(viewport=TEN_INCH).new_page()
    page.goto(f"{live_server.url}/kiosk/")
    address = page.get_attribute("link[rel=manifest]", "href")
    manifest = page.evaluate("address => fetch(address).then((reply) => reply.json())", address)

    assert (manifest["display"], manifest["start_url"], manifest["scope"]) == ("fullscreen", "/kiosk/", "/kiosk/")
    for icon in manifest["icons"]:
        width = page.evaluate(ICON_SIZE, icon["src"])
        assert f"{width}x{width}" == icon["sizes"]
