"""A citizen at the kiosk, in real Chromium: from the first touch to the thanks."""

from __future__ import annotations

import datetime as dt
import json

from survey.foundation.installation_flags import DEMO, Fact
from survey.foundation.storage.database import writing
from tests.kiosk.driving import KioskDriver, pair_at_once, stored
from tests.kiosk.world import OTHER_COUNTER
from tests.support.applications import LiveServer

GHOST_TAP_MS = 300  # how long a new screen takes no touch
# Whatever is under the finger, twice: on a slow machine a mouse's second click comes when the new screen takes touches.
TAP_TWICE = """(target) => {
    const { x, y, width, height } = document.querySelector(target).getBoundingClientRect();
    for (const _tap of [1, 2]) {
        const hit = document.elementFromPoint(x + width / 2, y + height / 2);
        hit.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    }
}"""


def stop_time(kiosk: KioskDriver) -> None:
    """The page's clocks and timers stand still at the start screen; `page.clock.run_for` moves them on."""
    now = dt.datetime.now(dt.UTC)
    kiosk.page.clock.install(time=now)
    kiosk.open()
    kiosk.page.wait_for_selector("#start")
    kiosk.page.clock.pause_at(now + dt.timedelta(hours=1))
    kiosk.page.wait_for_selector("#start")


def test_a_citizen_touches_two_faces_and_is_thanked_once_the_answer_is_on_the_disk_without_a_cookie(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    kiosk.page.context.set_offline(True)
    kiosk.begin()
    kiosk.choose(4)
    kiosk.choose(5)
    assert "Cảm ơn Ông/Bà" in kiosk.send()

    [record] = kiosk.stored_here()
    assert record["answer"]["answers"] == {"overall_service": 4, "overall_procedures": 5}
    assert stored(live_server) == []

    kiosk.page.context.set_offline(False)
    kiosk.wait_until_sent()
    assert stored(live_server) == [('{"overall_service":4,"overall_procedures":5}', 1, "vi", 0)]
    assert kiosk.page.context.cookies() == []


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
    kiosk.choose(1)
    kiosk.page.click("#foot button >> nth=0")  # back
    assert kiosk.page.get_attribute("[data-value='1']", "aria-pressed") == "true"
    kiosk.page.click("#foot button >> nth=0")  # start over

    kiosk.wait_for_start()
    assert "Ông/Bà hài lòng như thế nào" in kiosk.page.inner_text("#start h1")
    kiosk.begin()
    assert kiosk.page.locator("[aria-pressed=true]").count() == 0


def test_a_double_tap_counts_once(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.begin()
    kiosk.wait_until_touchable()
    kiosk.page.evaluate(TAP_TWICE, "[data-value='4']")
    assert kiosk.screen == "faces"  # the second tap did not answer the second question
    assert kiosk.page.locator("[aria-pressed=true]").count() == 0
    kiosk.choose(5)
    kiosk.page.wait_for_selector("#send")
    kiosk.page.evaluate("() => { const send = document.getElementById('send'); send.click(); send.click(); }")
    kiosk.wait_for("thanks")
    kiosk.wait_until_sent()

    assert len(stored(live_server)) == 1


def test_after_30_seconds_without_a_touch_what_was_answered_is_kept_and_the_screen_returns(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    stop_time(kiosk)
    kiosk.page.clock.run_for(GHOST_TAP_MS)
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
    assert stored(live_server) == [('{"overall_service":2}', None, "vi", 1)]


def test_whoever_leaves_without_rating_leaves_nothing(kiosk: KioskDriver) -> None:
    kiosk.page.context.set_offline(True)
    stop_time(kiosk)
    kiosk.page.clock.run_for(GHOST_TAP_MS)
    kiosk.page.click("text=English")
    kiosk.page.clock.run_for(31_000)
    kiosk.page.wait_for_selector("#start h1:has-text('Ông/Bà')")

    assert kiosk.stored_here() == []


def test_two_touches_are_enough_where_one_service_is_given_the_answer_sends_itself(
    unpaired: KioskDriver, live_server: LiveServer
) -> None:
    kiosk = unpaired
    pair_at_once(kiosk, live_server, OTHER_COUNTER)
    kiosk.page.context.set_offline(True)
    stop_time(kiosk)
    kiosk.page.clock.run_for(GHOST_TAP_MS)
    kiosk.choose(4)
    kiosk.page.clock.run_for(GHOST_TAP_MS)
    kiosk.choose(5)
    kiosk.page.clock.run_for(1_000)
    assert kiosk.page.inner_text("#sending") == "Đánh giá tự gửi sau 4 giây."
    assert kiosk.stored_here() == []
    kiosk.page.clock.run_for(4_500)
    kiosk.wait_for("thanks")
    [record] = kiosk.stored_here()
    assert record["answer"]["answers"] == {"overall_service": 4, "overall_procedures": 5}
    assert "partial" not in record["answer"]


def test_a_touch_gives_more_time_and_what_is_mended_is_what_is_sent(
    unpaired: KioskDriver, live_server: LiveServer
) -> None:
    kiosk = unpaired
    pair_at_once(kiosk, live_server, OTHER_COUNTER)
    kiosk.page.context.set_offline(True)
    stop_time(kiosk)
    for rating in (4, 5):
        kiosk.page.clock.run_for(GHOST_TAP_MS)
        kiosk.choose(rating)
    kiosk.page.clock.run_for(4_000)
    kiosk.page.click("text=Cá nhân")
    kiosk.page.clock.run_for(4_000)
    kiosk.page.click("#mend")
    kiosk.page.clock.run_for(10_000)
    assert kiosk.stored_here() == []
    for rating in (1, 2):
        kiosk.page.clock.run_for(GHOST_TAP_MS)
        kiosk.choose(rating)
    kiosk.page.clock.run_for(5_500)
    kiosk.wait_for("thanks")
    [record] = kiosk.stored_here()
    assert record["answer"]["answers"] == {"overall_service": 1, "overall_procedures": 2}
    assert (record["answer"]["respondent_kind"], record["answer"]["service"]) == ("individual", "ho-tich")


def test_the_kiosk_works_with_the_keyboard_alone(kiosk: KioskDriver, live_server: LiveServer) -> None:
    faces = ("4 trên 5, Hài lòng", "5 trên 5, Rất hài lòng")
    for name in (*faces, "Đăng ký khai sinh", "Gửi đánh giá"):
        button = kiosk.page.get_by_role("button", name=name, exact=True)
        button.wait_for()
        kiosk.wait_until_touchable()
        button.focus()
        kiosk.page.keyboard.press("Enter")
    kiosk.wait_for("thanks")
    kiosk.wait_until_sent()

    assert len(stored(live_server)) == 1


def test_that_figures_are_invented_is_said_in_the_language_of_the_screen(
    unpaired: KioskDriver, live_server: LiveServer
) -> None:
    with live_server.app.app_context(), writing() as session:
        session.add(Fact(key=DEMO, value=True))
    pair_at_once(unpaired, live_server)
    line = unpaired.page.locator("#invented")
    assert line.inner_text() == "Dữ liệu minh họa - không phải số liệu thật"
    unpaired.page.click("text=English")
    unpaired.wait_until_touchable()
    assert line.inner_text() == "Demonstration data - not real figures"
    unpaired.page.click("text=Tiếng Việt")
    unpaired.wait_until_touchable()
    assert line.inner_text() == "Dữ liệu minh họa - không phải số liệu thật"
