"""A kiosk asks items of every type by touch, and leaves out what is not called for and types it does not know."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from survey.foundation.clock import now
from survey.foundation.storage.database import writing
from survey.questionnaires.models import QuestionnaireVersion
from tests.channels.test_names_of_questions import asking
from tests.kiosk.driving import KioskDriver, pair_at_once, rows, stored
from tests.support.applications import LiveServer
from tests.support.every_type import EVERY_TYPE


@pytest.fixture
def kiosk(unpaired: KioskDriver, live_server: LiveServer) -> KioskDriver:
    """Paired where a questionnaire asks items of every type."""
    data: dict[str, Any] = copy.deepcopy(EVERY_TYPE)
    data["items"][0] |= {"code": "overall_service", "subject": "agency_service"}
    data["items"][1]["shown_if"]["item"] = "overall_service"
    with live_server.app.app_context(), writing() as session:
        version = {"questionnaire_key": "administration", "version": 2, "published_at": now()}
        session.add(QuestionnaireVersion(definition=data, **version))
    pair_at_once(unpaired, live_server)
    return unpaired


def touch(kiosk: KioskDriver, words: str) -> None:
    kiosk.wait_until_touchable()
    kiosk.page.get_by_role("button", name=words, exact=True).click()


def asked(kiosk: KioskDriver) -> str:
    kiosk.wait_until_touchable()
    return kiosk.page.inner_text("#question")


def test_every_type_is_answered_by_touch(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.begin()
    kiosk.choose(2)
    kiosk.page.click("text=Trả lời thêm")
    assert "chưa hài lòng" in asked(kiosk)
    for value in (1, 2, 3, 2):  # the second is taken back
        kiosk.wait_until_touchable()
        kiosk.choose(value)
    touch(kiosk, "Tiếp tục")
    for _rating in range(2):
        kiosk.wait_until_touchable()
        assert kiosk.page.inner_text("[data-value='5']") == "Rất tốt"
        kiosk.choose(5)
    for words in ("Trễ hạn", "Chắc chắn", "Có", "1", "2", "Tiếp tục"):
        touch(kiosk, words)
    for value in ("2026-10-02", "Khoa Nội", "Xin thêm ghế"):
        kiosk.wait_until_touchable()
        kiosk.page.fill(".kiosk-field", value)
        touch(kiosk, "Tiếp tục")
    kiosk.wait_for("thanks")
    kiosk.wait_until_sent()
    [(answers, *_others)] = stored(live_server)
    assert json.loads(answers) == {
        "overall_service": 2,
        "why_not": [1, 3],
        "place_whole": 5,
        "seats": 5,
        "on_time": 0,
        "return": 3,
        "late": 1,
        "late_days": 12,
        "visited": "2026-10-02",
    }


def ask_more(kiosk: KioskDriver, until: str) -> None:
    """To the optional question with these words, past those before it."""
    kiosk.begin()
    kiosk.choose(2)
    kiosk.page.click("text=Trả lời thêm")
    while until not in asked(kiosk):
        touch(kiosk, "Bỏ qua")


def in_field(kiosk: KioskDriver, text: str) -> None:
    kiosk.wait_until_touchable()
    kiosk.page.fill(".kiosk-field", text)


def given(server: LiveServer) -> list[dict[str, Any]]:
    return [json.loads(answers) for answers, *_others in stored(server)]


def test_what_stands_on_the_screen_is_sent_with_the_rest(kiosk: KioskDriver, live_server: LiveServer) -> None:
    ask_more(kiosk, "chưa hài lòng")
    for value in (1, 2, 3, 2):  # the second is taken back
        kiosk.wait_until_touchable()
        kiosk.choose(value)
    kiosk.send()
    kiosk.leave_thanks()
    ask_more(kiosk, "trễ hẹn")
    for words in ("Có", "1", "2"):
        touch(kiosk, words)
    touch(kiosk, "Quay lại")
    kiosk.wait_until_touchable()
    kiosk.choose(1)
    kiosk.wait_until_touchable()
    kiosk.send()
    kiosk.leave_thanks()
    ask_more(kiosk, "Ngày khám")
    in_field(kiosk, "2026-10-02")
    kiosk.send()
    kiosk.wait_until_sent()
    rated = {"overall_service": 2}
    assert given(live_server) == [
        rated | {"why_not": [1, 3]},
        rated | {"late": 1, "late_days": 12},
        rated | {"visited": "2026-10-02"},
    ]


def test_what_the_server_would_refuse_is_not_taken(kiosk: KioskDriver, live_server: LiveServer) -> None:
    ask_more(kiosk, "trễ hẹn")
    for words in ("Có", "9", "9", "9"):
        touch(kiosk, words)
    assert kiosk.page.is_disabled("#next")
    touch(kiosk, "Bỏ qua")
    in_field(kiosk, "0026-10-02")
    assert kiosk.page.is_disabled("#next")
    kiosk.send()
    kiosk.wait_until_sent()
    assert kiosk.stored_here("refused") == []
    assert given(live_server) == [{"overall_service": 2, "late": 1}]


def test_who_walks_away_leaves_what_was_touched_and_no_words_half_typed(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    ask_more(kiosk, "chưa hài lòng")
    touch(kiosk, "Chờ lâu")
    kiosk.call_staff()
    kiosk.page.reload()
    kiosk.wait_for_start()
    ask_more(kiosk, "Góp ý")
    in_field(kiosk, "Xin thêm")
    kiosk.call_staff()
    kiosk.wait_until_sent()
    rated = {"overall_service": 2}
    assert given(live_server) == [rated | {"why_not": [1]}, rated]
    assert rows(live_server.app.config["SQLALCHEMY_DATABASE_URI"], "SELECT comment FROM responses") == [
        (None,),
        (None,),
    ]


def test_what_follows_up_on_an_answer_goes_when_the_answer_changes(kiosk: KioskDriver, live_server: LiveServer) -> None:
    kiosk.begin()
    kiosk.choose(1)
    kiosk.page.click("text=Trả lời thêm")
    touch(kiosk, "Chờ lâu")
    touch(kiosk, "Tiếp tục")
    for _step in range(2):
        touch(kiosk, "Quay lại")
    kiosk.page.click("text=Sửa câu trả lời")
    kiosk.choose(5)
    kiosk.page.click("text=Trả lời thêm")
    assert "Nơi này?" in asked(kiosk)
    kiosk.send()
    kiosk.wait_until_sent()
    [(answers, *_others)] = stored(live_server)
    assert json.loads(answers) == {"overall_service": 5}


def test_a_type_this_kiosk_does_not_know_is_left_out(kiosk: KioskDriver) -> None:
    script = """import('/static/kiosk/widgets/widgets.js').then(
        ({ isKnown }) => ['rating', 'hologram'].map((type) => isKnown({ type })))"""
    assert kiosk.page.evaluate(script) == [True, False]


def test_questions_with_names_of_the_kiosks_own_are_asked_stored_and_sent(
    unpaired: KioskDriver, live_server: LiveServer
) -> None:
    codes = ("items", "keys", "values", "length", "then", "size", "answers_", "id_", "type", "name")
    with live_server.app.app_context(), writing() as session:
        version = {"questionnaire_key": "administration", "version": 2, "published_at": now()}
        session.add(QuestionnaireVersion(definition=asking(codes, "overall_service", "agency_service"), **version))
    pair_at_once(unpaired, live_server)
    unpaired.begin()
    unpaired.choose(4)
    unpaired.page.click("text=Trả lời thêm")
    for at, code in enumerate(codes):
        assert f"Câu có mã {code}?" in asked(unpaired)
        unpaired.choose(at % 5 + 1)
    unpaired.wait_for("thanks")
    unpaired.wait_until_sent()
    [(answers, *_others)] = stored(live_server)
    assert json.loads(answers) == {"overall_service": 4} | {code: at % 5 + 1 for at, code in enumerate(codes)}
