"""New versions and new settings wait until nobody is in the middle of something, however slow the device."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.kiosk.driving import KioskDriver
from tests.support.applications import LiveServer
from tests.support.browsers import wait_until

# What a page finds when a worker of another version has just taken charge: that event, and its own files gone.
OTHER_VERSION_IN_CHARGE = """async () => {
    for (const name of await caches.keys()) await caches.delete(name);
    navigator.serviceWorker.dispatchEvent(new Event('controllerchange'));
    await caches.keys(); // what the page asked its caches is answered by now
}"""


@pytest.fixture
def kiosk(kiosk: KioskDriver) -> KioskDriver:
    """A page that knows itself."""
    kiosk.page.evaluate("globalThis.isOldPage = true")
    return kiosk


@pytest.fixture
def release(live_server: LiveServer) -> Iterator[Callable[[], None]]:
    """Upgrades the server: the next shell it serves is another version."""
    from kiosk.pages import texts

    def upgrade() -> None:
        texts.TEXTS["release"] = "next"
        live_server.app.extensions.pop("kiosk_shells", None)

    yield upgrade
    texts.TEXTS.pop("release", None)


def test_a_citizen_who_begins_just_as_a_new_version_comes_is_not_thrown_back(kiosk: KioskDriver) -> None:
    kiosk.hold_settings()
    kiosk.page.evaluate(OTHER_VERSION_IN_CHARGE)
    kiosk.begin()
    kiosk.choose(4)
    kiosk.release_settings()

    assert kiosk.screen == "faces"
    kiosk.choose(5)
    kiosk.send()
    assert kiosk.page.evaluate("isOldPage")
    kiosk.touch_thanks()
    wait_until(kiosk.page, "!globalThis.isOldPage")
    kiosk.wait_for_start()


def test_staff_who_open_their_menu_just_as_a_new_version_comes_stay_in_it(kiosk: KioskDriver) -> None:
    kiosk.hold_settings()
    kiosk.page.evaluate(OTHER_VERSION_IN_CHARGE)
    kiosk.call_staff()
    kiosk.release_settings()

    assert kiosk.screen == "pin"
    assert kiosk.page.evaluate("isOldPage")


def test_a_page_about_to_start_anew_takes_no_touch(kiosk: KioskDriver) -> None:
    kiosk.page.evaluate(
        """() => {
            const watch = new MutationObserver(() => sessionStorage.setItem('was inert', document.body.inert));
            watch.observe(document.body, { attributes: true });
        }"""
    )
    kiosk.page.evaluate(f"() => {{ ({OTHER_VERSION_IN_CHARGE})(); }}")
    wait_until(kiosk.page, "!globalThis.isOldPage")

    assert kiosk.page.evaluate("sessionStorage.getItem('was inert')") == "true"


def test_a_page_that_was_loaded_past_the_service_worker_is_taken_charge_of_and_stays_up_to_date(
    kiosk: KioskDriver, release: Callable[[], None]
) -> None:
    kiosk.page.add_init_script("globalThis.wasInCharge = navigator.serviceWorker.controller !== null")
    kiosk.page.context.new_cdp_session(kiosk.page).send("Page.reload", {"ignoreCache": True})
    wait_until(kiosk.page, "!globalThis.isOldPage")
    kiosk.wait_for_worker()
    assert not kiosk.page.evaluate("wasInCharge")

    before = kiosk.page.evaluate("document.body.dataset.version")
    release()
    kiosk.page.evaluate("dispatchEvent(new Event('online'))")
    wait_until(kiosk.page, f"document.body.dataset.version !== '{before}'")


def test_a_new_version_takes_over_between_citizens_and_leaves_the_queue_alone(
    kiosk: KioskDriver, release: Callable[[], None]
) -> None:
    kiosk.page.route("**/kiosk/api/responses", lambda route: route.abort())
    kiosk.rate()
    before, waiting = kiosk.page.evaluate("document.body.dataset.version"), kiosk.stored_here()
    kiosk.begin()
    kiosk.choose(4)
    release()
    kiosk.page.evaluate("dispatchEvent(new Event('online'))")
    wait_until(kiosk.page, "navigator.serviceWorker.getRegistration().then(({ waiting }) => waiting !== null)")
    assert (kiosk.screen, kiosk.page.evaluate("document.body.dataset.version")) == ("faces", before)

    kiosk.page.get_by_role("button", name="Quay lại").click()
    kiosk.page.get_by_role("button", name="Làm lại từ đầu").click()
    wait_until(kiosk.page, f"document.body.dataset.version !== '{before}'")
    assert kiosk.stored_here() == waiting
    kiosk.page.unroute("**/kiosk/api/responses")
    kiosk.wait_until_sent()
