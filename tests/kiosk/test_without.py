"""A kiosk without a network, without HTTPS, without a part of the browser, without room on its disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kiosk.driving import TEN_INCH, KioskDriver, pairing_code, rows, stored
from tests.support.applications import LiveServer
from tests.support.browsers import MakeContext

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Request, Route

ELSEWHERE = "http://kiosk.example"
RESPONSES = "**/kiosk/api/responses"
NO_DATABASE = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };"
DISK_REFUSES = """() => {
    const full = () => { throw new DOMException('full', 'QuotaExceededError'); };
    Object.assign(IDBObjectStore.prototype, { add: full, put: full });
}"""
NOTE_ASKING = """(() => {
    const persist = StorageManager.prototype.persist;
    globalThis.asked = [];
    StorageManager.prototype.persist = async function () {
        const answer = await persist.call(this);
        globalThis.asked.push(answer);
        return answer;
    };
})()"""
ICON_SIZE = "src => fetch(src).then((reply) => reply.blob()).then(createImageBitmap).then(({ width }) => width)"


def tells_of_loss(request: Request) -> bool:
    return bool(request.url.endswith("/kiosk/api/status") and request.post_data_json["emptied_at"])


def test_it_starts_without_a_network_after_a_restart(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.wait_for_worker()
    kiosk.page.context.set_offline(True)
    kiosk.page.close()
    kiosk.page = kiosk.page.context.new_page()
    kiosk.open()
    kiosk.rate()

    assert len(kiosk.stored_here()) == 1


def test_over_plain_http_from_another_machine_the_page_says_what_is_missing(
    live_server: LiveServer, browser: Browser
) -> None:
    def hand_over(route: Route) -> None:
        route.fulfill(response=route.fetch(url=route.request.url.replace(ELSEWHERE, live_server.url)))

    # Chromium trusts 127.0.0.1 and decides by the address alone: for this one it is in earnest.
    with browser.new_context(viewport=TEN_INCH) as context:
        page = context.new_page()
        page.route(f"{ELSEWHERE}/**", hand_over)
        page.goto(f"{ELSEWHERE}/kiosk/")

        told = page.inner_text("#screen[data-screen=missing]")
        assert page.evaluate("[isSecureContext, 'serviceWorker' in navigator, 'subtle' in crypto]") == [False] * 3
        assert "https://" in told
        assert page.locator("#code").count() == 0  # nobody types a code where others can read along


@pytest.mark.parametrize(("missing", "words"), [("locks", "Web Locks"), ("serviceWorker", "service worker")])
def test_a_browser_without_what_a_kiosk_needs_is_told_so(
    live_server: LiveServer, new_context: MakeContext, missing: str, words: str
) -> None:
    page = new_context(viewport=TEN_INCH).new_page()
    page.add_init_script(f"delete Navigator.prototype.{missing}")
    page.goto(f"{live_server.url}/kiosk/")

    [told] = page.wait_for_selector("#screen[data-screen=missing] ul").inner_text().splitlines()
    assert words in told


def test_a_disk_that_refuses_gets_no_thanks_unless_the_server_has_the_answer(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    def lose_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    kiosk.begin()
    kiosk.choose(4)
    kiosk.choose(5)
    kiosk.page.evaluate(DISK_REFUSES)
    kiosk.page.context.set_offline(True)
    kiosk.page.click("#send")
    kiosk.wait_for("not-saved")
    assert stored(live_server) == []

    kiosk.page.route(RESPONSES, lose_reply)
    kiosk.page.context.set_offline(False)
    with kiosk.page.expect_event("requestfailed", lambda request: request.url.endswith("/responses")):
        kiosk.page.get_by_role("button", name="Thử lại").click()
    kiosk.wait_until_touchable()
    kiosk.page.unroute(RESPONSES)
    kiosk.page.get_by_role("button", name="Thử lại").click()
    kiosk.wait_for("thanks")
    assert len(stored(live_server)) == 1


def test_a_disk_that_refuses_is_told_to_staff_who_get_in_all_the_same_and_to_the_desk(kiosk: KioskDriver) -> None:
    kiosk.begin()
    kiosk.choose(4)
    kiosk.page.evaluate(DISK_REFUSES)
    kiosk.open_staff_menu()
    assert "Máy không ghi được lên đĩa" in kiosk.page.inner_text("#screen")

    with kiosk.page.expect_request("**/kiosk/api/status") as told:
        kiosk.page.click("#send-now")
    assert told.value.post_data_json["disk_refused_at"]


def test_without_indexeddb_nobody_is_asked_and_whoever_has_a_pairing_code_can_tell_the_desk(
    unpaired: KioskDriver, live_server: LiveServer
) -> None:
    unpaired.page.add_init_script(NO_DATABASE)
    unpaired.open()
    told = unpaired.page.inner_text("#screen[data-screen=missing]")
    assert "Không mở được bộ nhớ IndexedDB" in told
    assert "SecurityError: no" in told

    unpaired.page.fill("#code", pairing_code(live_server))
    unpaired.page.click("button[type=submit]")
    unpaired.page.wait_for_selector("text=Đã báo cho bàn làm việc")
    url = live_server.app.config["SQLALCHEMY_DATABASE_URI"]
    assert rows(url, "SELECT refused_for, used_at FROM pairing_codes") == [("missing_database", None)]
    assert rows(url, "SELECT count(*) FROM devices") == [(0,)]


def test_a_kiosk_whose_indexeddb_is_gone_is_out_of_service_and_tells_the_desk(kiosk: KioskDriver) -> None:
    kiosk.page.add_init_script(f"if (localStorage.getItem('broken')) {{ {NO_DATABASE} }}")
    kiosk.page.evaluate("localStorage.setItem('broken', 'yes')")
    with kiosk.page.expect_response("**/kiosk/api/status") as told:
        kiosk.page.reload()
    assert "Máy tạm thời không nhận đánh giá" in kiosk.page.inner_text("#screen[data-screen=missing]")
    assert told.value.status == 200
    assert told.value.request.post_data_json["missing"] == ["missing_database"]

    kiosk.page.evaluate("localStorage.removeItem('broken')")
    kiosk.page.reload()
    kiosk.wait_for_start()


def test_a_kiosk_whose_database_is_emptied_knows_itself_and_says_that_answers_may_be_lost(kiosk: KioskDriver) -> None:
    devtools = kiosk.page.context.new_cdp_session(kiosk.page)
    with kiosk.page.expect_request(tells_of_loss) as told:  # the page starts anew by itself
        devtools.send("Storage.clearDataForOrigin", {"origin": kiosk.url, "storageTypes": "indexeddb"})
    assert told.value.post_data_json["emptied_at"]
    kiosk.wait_for_start()

    kiosk.open_staff_menu()
    assert "Dữ liệu trên máy đã bị xóa" in kiosk.page.inner_text("#screen")


def test_it_asks_the_browser_to_keep_its_data_and_tells_the_desk_the_answer(kiosk: KioskDriver) -> None:
    def reported(allowed: str) -> bool:
        devtools.send("Browser.setPermission", {**permission, "setting": allowed})
        with kiosk.page.expect_request("**/kiosk/api/status") as told:
            kiosk.page.reload()
        answer: bool = told.value.post_data_json["persisted"]
        return answer

    kiosk.page.add_init_script(NOTE_ASKING)
    devtools = kiosk.page.context.new_cdp_session(kiosk.page)
    visitor = devtools.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    permission = {"permission": {"name": "persistent-storage"}, "origin": kiosk.url, "browserContextId": visitor}

    assert reported("denied") is False
    assert reported("granted") is True
    assert kiosk.page.evaluate("asked") == [True]


def test_the_kiosk_is_installable_full_screen_with_its_icons(live_server: LiveServer, new_context: MakeContext) -> None:
    page = new_context(viewport=TEN_INCH, service_workers="block").new_page()  # it would only fetch all of it again
    page.goto(f"{live_server.url}/kiosk/")
    address = page.get_attribute("link[rel=manifest]", "href")
    manifest = page.evaluate("address => fetch(address).then((reply) => reply.json())", address)

    assert (manifest["display"], manifest["start_url"], manifest["scope"]) == ("fullscreen", "/kiosk/", "/kiosk/")
    for icon in manifest["icons"]:
        width = page.evaluate(ICON_SIZE, icon["src"])
        assert f"{width}x{width}" == icon["sizes"]
