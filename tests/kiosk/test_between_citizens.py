"""New versions and new settings wait until nobody is in the middle of something, however slow the device."""

from __future__ import annotations

import pytest

from tests.kiosk.driving import KioskDriver
from tests.support.browsers import wait_until

NEWS = "navigator.serviceWorker.dispatchEvent(new Event('controllerchange'))"


@pytest.fixture
def kiosk(kiosk: KioskDriver) -> KioskDriver:
    """A kiosk that has started under its service worker, as on any day but the first."""
    kiosk.wait_for_worker()
    kiosk.page.reload()
    kiosk.wait_for_start()
    kiosk.page.evaluate("globalThis.isOldPage = true")
    return kiosk


def test_a_citizen_who_begins_just_as_a_new_version_comes_is_not_thrown_back(kiosk: KioskDriver) -> None:
    kiosk.hold_settings()
    kiosk.page.evaluate(NEWS)
    kiosk.begin()
    kiosk.release_settings()

    assert kiosk.screen == "faces"
    kiosk.choose(4)
    kiosk.choose(5)
    kiosk.send()
    assert kiosk.page.evaluate("isOldPage")
    kiosk.page.click(".kiosk-message")
    wait_until(kiosk.page, "!globalThis.isOldPage")
    kiosk.wait_for_start()


def test_staff_who_open_their_menu_just_as_a_new_version_comes_stay_in_it(kiosk: KioskDriver) -> None:
    kiosk.hold_settings()
    kiosk.page.evaluate(NEWS)
    kiosk.call_staff()
    kiosk.release_settings()

    assert kiosk.screen == "pin"
    assert kiosk.page.evaluate("isOldPage")


def test_a_page_about_to_start_anew_takes_no_touch(kiosk: KioskDriver) -> None:
    kiosk.page.evaluate(
        f"""() => {{
            const watch = new MutationObserver(() => sessionStorage.setItem('was inert', document.body.inert));
            watch.observe(document.body, {{ attributes: true }});
            {NEWS};
        }}"""
    )
    wait_until(kiosk.page, "!globalThis.isOldPage")

    assert kiosk.page.evaluate("sessionStorage.getItem('was inert')") == "true"


def test_a_page_that_was_loaded_past_the_service_worker_is_taken_charge_of(kiosk: KioskDriver) -> None:
    kiosk.page.add_init_script("globalThis.wasInCharge = navigator.serviceWorker.controller !== null")
    kiosk.page.context.new_cdp_session(kiosk.page).send("Page.reload", {"ignoreCache": True})
    wait_until(kiosk.page, "!globalThis.isOldPage")
    kiosk.wait_for_worker()

    assert not kiosk.page.evaluate("wasInCharge")
