"""The staff's menu on the device: PIN, status, pairing again, refused answers, the queue as a file."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from survey.devices.signatures import is_signed_by
from tests.kiosk.driving import CORNER, KioskDriver, pairing_code, rows, stored
from tests.kiosk.world import COUNTER, OTHER_COUNTER
from tests.support.applications import LiveServer


def test_five_quick_taps_in_the_corner_and_the_pin_open_the_staff_menu_with_the_server_down(kiosk: KioskDriver) -> None:
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    for _ in range(5):
        kiosk.page.mouse.click(*CORNER)
    kiosk.wait_for("pin")
    assert "Nhập mã PIN" in kiosk.page.inner_text("#screen")
    kiosk.touch_pin("000000" if kiosk.pin != "000000" else "111111")
    kiosk.page.wait_for_selector("text=Mã PIN không đúng")
    kiosk.touch_pin(kiosk.pin)
    kiosk.wait_for("staff")

    assert kiosk.status("waiting") == "1"
    assert kiosk.status("place") == f"Quầy số 1 ({COUNTER})"


def test_five_wrong_pins_make_whoever_guesses_wait(kiosk: KioskDriver) -> None:
    kiosk.page.clock.set_fixed_time(dt.datetime.now(dt.UTC))  # however long this takes, the minute is not over
    kiosk.call_staff()
    wrong = "000000" if kiosk.pin != "000000" else "111111"
    for _ in range(5):
        kiosk.type_pin(wrong)
        kiosk.page.wait_for_selector("text=Mã PIN không đúng")
    kiosk.type_pin(kiosk.pin)
    kiosk.page.wait_for_selector("text=Nhập sai nhiều lần")

    kiosk.page.reload()
    kiosk.page.wait_for_selector("#start")
    kiosk.call_staff()
    kiosk.type_pin(kiosk.pin)
    kiosk.page.wait_for_selector("text=Nhập sai nhiều lần")
    assert kiosk.screen == "pin"


def test_calling_the_staff_menu_keeps_what_the_citizen_answered(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.begin()
    kiosk.choose(3)
    kiosk.call_staff()
    kiosk.wait_until_sent()

    assert stored(live_server) == [('{"overall_service":3}', None, "vi", 1)]


def test_paired_again_elsewhere_it_still_hands_over_what_it_kept(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.page.route("**/kiosk/api/responses", lambda route: route.abort())
    kiosk.page.context.set_offline(False)
    kiosk.open_staff_menu()
    kiosk.page.click("#pair-again")
    kiosk.page.fill("#code", pairing_code(live_server, OTHER_COUNTER))
    kiosk.page.click("button[type=submit]")
    kiosk.wait_for("paired")
    kiosk.page.unroute("**/kiosk/api/responses")
    kiosk.page.click("main .kiosk-button")
    kiosk.page.wait_for_selector("text=Quầy số 2")
    kiosk.wait_until_sent()

    url = live_server.app.config["SQLALCHEMY_DATABASE_URI"]
    assert rows(url, "SELECT code FROM responses JOIN counters ON counters.id = counter_id") == [(COUNTER,)]


def test_an_answer_the_server_refuses_is_kept_apart_and_shown(kiosk: KioskDriver, live_server: LiveServer) -> None:
    from survey.foundation.storage.database import writing
    from survey.questionnaires.models import QuestionnaireVersion

    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.rate()
    with live_server.app.app_context(), writing() as session:
        session.query(QuestionnaireVersion).update({"published_at": None})
    kiosk.page.context.set_offline(False)
    kiosk.wait_until_sent()

    assert [record["status"] for record in kiosk.stored_here("refused")] == ["invalid", "invalid"]
    kiosk.open_staff_menu()
    kiosk.page.click("#refused")
    kiosk.wait_for("refused")
    assert kiosk.page.locator("tr", has_text="Không có phiếu administration").count() == 2


def test_a_revoked_kiosk_says_so_and_loses_nothing(kiosk: KioskDriver, live_server: LiveServer) -> None:
    from survey.devices.models import Device
    from survey.foundation.clock import now
    from survey.foundation.storage.database import writing

    kiosk.begin()
    kiosk.choose(4)
    with live_server.app.app_context(), writing() as session:
        session.query(Device).update({"revoked_at": now()})
    kiosk.choose(5)
    kiosk.send()
    kiosk.touch_thanks()
    kiosk.wait_for("revoked")

    assert len(kiosk.stored_here()) == 1
    kiosk.open_staff_menu()
    assert "không còn nhận khóa" in kiosk.page.inner_text("#screen")


def test_the_queue_can_be_carried_away_as_a_file_that_its_key_signed(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.open_staff_menu()
    with kiosk.page.expect_download() as download:
        kiosk.page.click("#export")
    file = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    payload = json.loads(file["payload"])

    assert payload["responses"] == [record["answer"] for record in kiosk.stored_here()]
    [(public_key,)] = rows(live_server.app.config["SQLALCHEMY_DATABASE_URI"], "SELECT public_key FROM devices")
    assert is_signed_by(public_key, file["payload"], file["signature"])
    assert not is_signed_by(public_key, file["payload"] + " ", file["signature"])


def test_the_signing_key_cannot_be_read_out_of_the_browser(kiosk: KioskDriver) -> None:
    assert kiosk.page.evaluate(
        """() => new Promise((resolve, reject) => {
            const open = indexedDB.open('hai-long-kiosk');
            open.onerror = () => reject(open.error);
            open.onsuccess = () => {
                const store = open.result.transaction('settings').objectStore('settings');
                store.get('signing').onsuccess = async ({ target }) => {
                    const { privateKey } = target.result;
                    const formats = ['pkcs8', 'jwk', 'raw', 'spki'];
                    const read = (format) => crypto.subtle.exportKey(format, privateKey).then(() => 1, () => 0);
                    const tries = formats.map(read);
                    resolve([privateKey.extractable, ...(await Promise.all(tries))]);
                };
            };
        })"""
    ) == [False, 0, 0, 0, 0]


def test_the_menu_warns_of_a_disk_that_is_nearly_full_and_of_what_went_wrong(kiosk: KioskDriver) -> None:
    kiosk.page.evaluate(
        """() => {
            navigator.storage.estimate = async () => ({ usage: 95e6, quota: 100e6 });
            navigator.storage.persisted = async () => false;
            dispatchEvent(new ErrorEvent('error', { error: new DOMException('full', 'QuotaExceededError') }));
        }"""
    )
    with kiosk.page.expect_request("**/kiosk/api/status") as told:
        kiosk.page.evaluate("dispatchEvent(new Event('online'))")
    kiosk.open_staff_menu()

    warnings = kiosk.page.locator(".kiosk-warning").all_inner_texts()
    assert "Bộ nhớ đã dùng 95 %. Hãy gửi hoặc xuất tệp sớm." in warnings
    assert any("chưa hứa giữ dữ liệu lâu dài" in warning for warning in warnings)
    assert "QuotaExceededError: full" in (kiosk.page.text_content("details") or "")
    report = told.value.post_data_json
    assert (report["storage_used"], report["storage_quota"], report["persisted"]) == (95e6, 100e6, False)
    assert [error["message"] for error in report["errors"]] == ["QuotaExceededError: full"]


def test_the_clerk_can_leave_without_a_network_and_come_back(kiosk: KioskDriver) -> None:
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.open_staff_menu()
    kiosk.page.click("#leave")
    kiosk.wait_for("left")
    assert "Còn 1 đánh giá chưa gửi được giữ trên máy" in kiosk.page.inner_text("#screen")
    kiosk.page.get_by_role("button", name="Mở lại kiosk").click()
    kiosk.rate()
    assert kiosk.waiting() == 2
