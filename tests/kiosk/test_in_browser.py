"""What a citizen and a member of staff meet at the kiosk, in real Chromium."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.kiosk.driving import TEN_INCH, KioskDriver, pairing_code, rows, stored
from tests.kiosk.world import COUNTER, OTHER_COUNTER
from tests.support.applications import LiveServer
from tests.support.browsers import MakeContext

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCREENS = {"landscape": (1280, 800), "portrait": (800, 1280), "small": (1024, 600)}


def add_many_services(server: LiveServer, fields: int, services_of_a_field: int) -> None:
    from survey.agencies.models import Agency, Counter, Service
    from survey.foundation.database import writing

    long = "Đăng ký quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất lần đầu đối với tổ chức"
    with server.app.app_context(), writing() as session:
        services = [
            Service(
                code=f"dv-{field}-{number}",
                name=f"Dịch vụ {field}.{number}: {long}",
                field=f"Lĩnh vực {field} về đất đai, môi trường, khoáng sản",
                sector="administration",
            )
            for field in range(fields)
            for number in range(services_of_a_field)
        ]
        agency = session.query(Agency).filter_by(code="ubnd-ea-tam").one()
        session.add(Counter(agency=agency, code="quay-nhieu", name="Quầy nhiều dịch vụ", services=services))


def test_a_citizen_touches_two_faces_and_is_thanked_once_the_answer_is_on_the_disk(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    kiosk.page.context.set_offline(True)
    kiosk.begin()
    kiosk.choose(4)
    kiosk.choose(5)
    kiosk.send()

    [record] = kiosk.stored_here()
    assert record["answer"]["answers"] == {"overall_service": 4, "overall_procedures": 5}
    assert "Cảm ơn Ông/Bà" in kiosk.page.inner_text("#screen")
    assert stored(live_server) == []

    kiosk.page.context.set_offline(False)
    kiosk.wait_until_sent()
    assert stored(live_server) == [('{"overall_service": 4, "overall_procedures": 5}', 1, "vi", 0)]


def test_optional_questions_may_be_answered_skipped_or_left(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.begin(service=None)
    kiosk.page.click("text=Không có ý kiến")
    kiosk.choose(2)
    kiosk.page.click("text=Cá nhân")
    kiosk.page.click("text=Trả lời thêm")
    kiosk.choose(3)
    kiosk.page.click("text=Bỏ qua")
    kiosk.choose(1)
    kiosk.send()
    kiosk.wait_until_sent()

    [(answers, service, _language, partial)] = stored(live_server)
    assert json.loads(answers) == {
        "overall_service": 0,
        "overall_procedures": 2,
        "access_seats": 3,
        "procedure_on_time": 1,
    }
    assert (service, partial) == (None, 0)


def test_the_next_citizen_starts_clean(kiosk: KioskDriver) -> None:
    kiosk.page.click("text=English")
    kiosk.page.click("#start")
    kiosk.page.click("text=Đăng ký khai sinh")
    kiosk.choose(1)
    kiosk.page.click("#foot button >> nth=0")  # back
    assert kiosk.page.get_attribute("[data-value='1']", "aria-pressed") == "true"
    kiosk.page.click("#foot button >> nth=0")  # start over

    assert kiosk.page.inner_text("#start") == "Chạm để đánh giá"
    kiosk.begin()
    assert kiosk.page.locator("[aria-pressed=true]").count() == 0


def test_a_double_tap_counts_once(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.begin()
    kiosk.page.dblclick("[data-value='4']")
    assert kiosk.page.locator("[aria-pressed=true]").count() == 0  # the second tap did not answer the second question
    kiosk.choose(5)
    kiosk.page.wait_for_selector("#send")
    kiosk.page.evaluate("() => { const send = document.getElementById('send'); send.click(); send.click(); }")
    kiosk.wait_for("thanks")
    kiosk.wait_until_sent()

    assert len(stored(live_server)) == 1


def test_after_30_seconds_without_a_touch_what_was_answered_is_kept_and_the_screen_returns(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    kiosk.page.clock.install()
    kiosk.open()
    kiosk.page.wait_for_selector("#start")
    kiosk.begin()
    kiosk.choose(2)
    kiosk.page.clock.run_for(9_000)
    assert kiosk.page.is_hidden("#countdown")
    kiosk.page.clock.run_for(6_000)
    assert kiosk.page.inner_text("#countdown") == "Màn hình sẽ trở về sau 15 giây. Chạm để tiếp tục."
    kiosk.page.mouse.click(640, 100)
    assert kiosk.page.is_hidden("#countdown")
    kiosk.page.clock.run_for(29_000)
    assert kiosk.screen == "faces"
    kiosk.page.clock.run_for(2_000)

    kiosk.page.wait_for_selector("#start")
    kiosk.page.clock.resume()
    kiosk.wait_until_sent()
    assert stored(live_server) == [('{"overall_service": 2}', 1, "vi", 1)]


def test_whoever_leaves_without_rating_leaves_nothing(kiosk: KioskDriver) -> None:
    kiosk.page.clock.install()
    kiosk.open()
    kiosk.page.wait_for_selector("#start")
    kiosk.page.context.set_offline(True)
    kiosk.begin()
    kiosk.page.clock.run_for(31_000)
    kiosk.page.wait_for_selector("#start")

    assert kiosk.stored_here() == []


def test_every_screen_fits_without_scrolling_and_every_target_is_at_least_60_px(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    problems: list[str] = []

    def look(name: str) -> None:
        for size, (width, height) in SCREENS.items():
            kiosk.page.set_viewport_size({"width": width, "height": height})
            problems.extend(f"{name}, {size}: {problem}" for problem in kiosk.page.evaluate(MISFITS))

    for name, go_on in journey(kiosk).items():
        look(name)
        go_on()
    assert not problems, "\n".join(problems)


def test_many_services_with_long_names_are_chosen_by_field_and_still_fit(
    unpaired: KioskDriver, live_server: LiveServer
) -> None:
    kiosk = unpaired
    add_many_services(live_server, fields=8, services_of_a_field=9)
    kiosk.pair(pairing_code(live_server, "quay-nhieu"))
    problems: list[str] = []
    kiosk.page.click("#start")
    for choice in ("Lĩnh vực 7", "Dịch vụ 7.8"):
        kiosk.wait_for("choice")
        for size, (width, height) in SCREENS.items():
            kiosk.page.set_viewport_size({"width": width, "height": height})
            problems += [f"{choice}, {size}: {problem}" for problem in kiosk.page.evaluate(MISFITS)]
        kiosk.page.get_by_role("button", name="Xem tiếp").click()
        kiosk.page.locator(".kiosk-choices button", has_text=choice).click()
    kiosk.wait_for("faces")

    assert not problems, "\n".join(problems)


def test_every_screen_is_accessible(kiosk: KioskDriver, assert_accessible: Callable[[Page], None]) -> None:
    for go_on in journey(kiosk).values():
        kiosk.page.wait_for_timeout(350)  # the guard against double taps is over
        assert_accessible(kiosk.page)
        go_on()


MISFITS = """() => {
    const problems = [];
    for (const part of document.querySelectorAll('.kiosk, .kiosk-main, .kiosk-foot')) {
        const { className, scrollWidth, clientWidth, scrollHeight, clientHeight } = part;
        if (scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1) problems.push(`${className} scrolls`);
    }
    for (const control of document.querySelectorAll('button, input')) {
        const { width, height, right, bottom } = control.getBoundingClientRect();
        const words = control.getAttribute('aria-label') ?? control.textContent;
        if (control.scrollHeight > control.clientHeight + 1) problems.push(`${words} is cut off`);
        if (width < 60 || height < 60) problems.push(`${words} is ${width} x ${height}`);
        if (right > innerWidth + 1 || bottom > innerHeight + 1) problems.push(`${words} is off the screen`);
    }
    return problems;
}"""


def journey(kiosk: KioskDriver) -> dict[str, Callable[[], object]]:
    """Every screen of a citizen and of the staff in turn, each with the way to the next."""
    page = kiosk.page
    return {
        "start": lambda: page.click("#start"),
        "service": lambda: page.click("text=Đăng ký khai sinh"),
        "first question": lambda: kiosk.choose(4),
        "second question": lambda: kiosk.choose(5),
        "ready": lambda: page.click("text=Trả lời thêm"),
        "optional question": lambda: kiosk.send(),
        "thanks": lambda: (page.click(".kiosk-message"), kiosk.wait_for_start(), kiosk.call_staff()),
        "PIN": lambda: (kiosk.type_pin(kiosk.pin), kiosk.wait_for("staff")),
        "staff": lambda: page.click("#pair-again"),
        "pair again": lambda: page.click("text=Quay lại"),
        "staff again": lambda: page.click("#leave"),
        "left": lambda: None,
    }


def test_the_kiosk_works_with_the_keyboard_alone(kiosk: KioskDriver, live_server: LiveServer) -> None:
    def press(name: str) -> None:
        kiosk.page.get_by_role("button", name=name, exact=True).focus()
        kiosk.page.wait_for_timeout(350)
        kiosk.page.keyboard.press("Enter")

    kiosk.page.focus("#start")
    kiosk.page.keyboard.press("Enter")
    kiosk.wait_for("choice")
    kiosk.page.wait_for_timeout(350)
    press("Đăng ký khai sinh")
    for name in ("4 trên 5, Hài lòng", "5 trên 5, Rất hài lòng"):
        kiosk.page.wait_for_timeout(350)
        press(name)
    kiosk.page.wait_for_timeout(350)
    press("Gửi đánh giá")
    kiosk.wait_for("thanks")
    kiosk.wait_until_sent()

    assert len(stored(live_server)) == 1


def test_it_starts_without_a_network_after_a_restart(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.wait_for_worker()
    kiosk.page.context.set_offline(True)
    kiosk.page.close()
    kiosk.page = kiosk.page.context.new_page()
    kiosk.open()
    kiosk.rate()

    assert len(kiosk.stored_here()) == 1


def test_the_staff_menu_opens_by_pin_with_the_server_down(kiosk: KioskDriver) -> None:
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.call_staff()
    kiosk.type_pin("000000" if kiosk.pin != "000000" else "111111")
    kiosk.page.wait_for_selector("text=Mã PIN không đúng")
    kiosk.type_pin(kiosk.pin)
    kiosk.wait_for("staff")

    assert kiosk.status("waiting") == "1"
    assert kiosk.status("place") == f"Quầy số 1 ({COUNTER})"


def test_five_wrong_pins_make_whoever_guesses_wait(kiosk: KioskDriver) -> None:
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


def test_calling_the_staff_menu_keeps_what_the_citizen_answered(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.begin()
    kiosk.choose(3)
    kiosk.call_staff()
    kiosk.wait_until_sent()

    assert stored(live_server) == [('{"overall_service": 3}', 1, "vi", 1)]


def test_paired_again_elsewhere_it_still_hands_over_what_it_kept(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.page.context.set_offline(False)
    kiosk.page.route("**/kiosk/api/responses", lambda route: route.abort())
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
    from survey.foundation.database import writing
    from survey.questionnaires.models import QuestionnaireVersion

    with live_server.app.app_context(), writing() as session:
        session.query(QuestionnaireVersion).update({"published_at": None})
    kiosk.rate()
    kiosk.rate()
    kiosk.wait_until_sent()

    assert [record["status"] for record in kiosk.stored_here("refused")] == ["invalid", "invalid"]
    kiosk.open_staff_menu()
    kiosk.page.click("#refused")
    kiosk.wait_for("refused")
    assert kiosk.page.locator("tr", has_text="Không có phiếu administration").count() == 2


def test_a_revoked_kiosk_says_so_and_loses_nothing(kiosk: KioskDriver, live_server: LiveServer) -> None:
    from survey.devices.models import Device
    from survey.foundation.clock import now
    from survey.foundation.database import writing

    with live_server.app.app_context(), writing() as session:
        session.query(Device).update({"revoked_at": now()})
    kiosk.begin()
    kiosk.choose(4)
    kiosk.choose(5)
    kiosk.send()
    kiosk.page.click(".kiosk-message")
    kiosk.wait_for("revoked")

    assert len(kiosk.stored_here()) == 1
    kiosk.open_staff_menu()
    assert "không còn nhận khóa" in kiosk.page.inner_text("#screen")


def test_the_queue_can_be_carried_away_as_a_file(kiosk: KioskDriver) -> None:
    kiosk.page.context.set_offline(True)
    kiosk.rate()
    kiosk.open_staff_menu()
    with kiosk.page.expect_download() as download:
        kiosk.page.click("#export")
    file = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    payload = json.loads(file["payload"])

    assert payload["responses"] == [record["answer"] for record in kiosk.stored_here()]
    assert len(file["signature"]) == 64


def test_without_https_the_page_says_what_is_missing(live_server: LiveServer, new_context: MakeContext) -> None:
    page = new_context(viewport=TEN_INCH).new_page()
    # Chromium trusts 127.0.0.1; this is what it would report for the same page over plain HTTP from elsewhere.
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto(f"{live_server.url}/kiosk/")

    assert "https://" in page.inner_text("#screen[data-screen=missing]")


@pytest.mark.parametrize("missing", ["locks", "serviceWorker"])
def test_a_browser_without_what_a_kiosk_needs_is_told_so(
    live_server: LiveServer, new_context: MakeContext, missing: str
) -> None:
    page = new_context(viewport=TEN_INCH).new_page()
    page.add_init_script(f"delete Navigator.prototype.{missing}")
    page.goto(f"{live_server.url}/kiosk/")

    page.wait_for_selector("#screen[data-screen=missing] li")


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


def test_the_page_sets_no_cookie(kiosk: KioskDriver) -> None:
    kiosk.rate()
    assert kiosk.page.context.cookies() == []


def test_a_recorded_question_is_played_where_the_language_has_one(
    unpaired: KioskDriver, live_server: LiveServer, tmp_path: Path
) -> None:
    static = tmp_path / "static"
    shutil.copytree(live_server.app.static_folder or "", static, ignore=shutil.ignore_patterns("*.ttf"))
    recording = static / "kiosk" / "sounds" / "vi" / "overall_service.mp3"
    recording.parent.mkdir(parents=True)
    recording.write_bytes(b"a recording")
    live_server.app.static_folder = str(static)
    unpaired.pair(pairing_code(live_server))
    unpaired.wait_for_worker()
    unpaired.page.context.set_offline(True)
    unpaired.begin()

    [address] = unpaired.page.locator("[data-sound]").evaluate_all("found => found.map(one => one.dataset.sound)")
    kept = unpaired.page.evaluate("address => fetch(address).then(reply => reply.text())", address)
    assert kept == "a recording"
    unpaired.page.click("[data-sound]")
    unpaired.choose(4)
    assert unpaired.page.locator("[data-sound]").count() == 0
