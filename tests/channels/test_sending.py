"""What happens to an answer: counted once, or given back with what to mend."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.channels.conftest import ALREADY, RECORDED, TOO_OLD, Stored, Visitor, token_in
from tests.channels.world import HEALTH, MANY, SCHOOL, TWO_SECTORS
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html

MORNING = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)


def test_one_tap_and_send_is_a_complete_answer(visitor: Visitor, stored: Stored) -> None:
    page = visitor.send(visitor.open(), overall_service="4")
    assert page.status_code == 200
    assert RECORDED in page.text
    (response,) = stored()
    assert response.answers == {"overall_service": 4}
    assert (response.channel, response.language, response.respondent_kind) == ("qr", "vi", "unknown")
    assert response.service_id is None


def test_everything_a_citizen_may_add_is_kept(visitor: Visitor, stored: Stored) -> None:
    visitor.send(
        visitor.open("?lang=en"),
        "?lang=en",
        overall_service="5",
        overall_procedures="2",
        officials_polite="4",
        access_seats="0",
        respondent_kind="organisation",
        service="dat-dai",
        comment="  Hồ sơ\r\nnhanh.\x00\x07 ",
    )
    (response,) = stored()
    expected = {"overall_service": 5, "overall_procedures": 2, "officials_polite": 4, "access_seats": 0}
    assert response.answers == expected
    assert (response.respondent_kind, response.language) == ("organisation", "en")
    assert response.comment == "Hồ sơ\nnhanh."
    assert response.service_id is not None


def test_an_address_typed_in_small_letters_takes_the_answer(visitor: Visitor, stored: Stored) -> None:
    typed = Visitor(visitor.client, MANY.lower())
    assert RECORDED in typed.send(typed.open(), overall_service="4").text
    assert len(stored()) == 1


@pytest.mark.parametrize(("counter", "item"), [(HEALTH, "overall_health"), (SCHOOL, "overall_education")])
def test_the_only_service_of_a_counter_needs_no_choice(
    visitor: Visitor, stored: Stored, counter: str, item: str
) -> None:
    visitor = Visitor(visitor.client, counter)
    assert RECORDED in visitor.send(visitor.open(), **{item: "3"}).text
    (response,) = stored()
    assert response.service_id is not None
    assert response.respondent_kind == "individual"


def test_no_opinion_alone_is_an_answer_without_a_rating(visitor: Visitor, stored: Stored, world: Flask) -> None:
    from survey.foundation.storage.database import db
    from survey.responses.models import Rating

    assert RECORDED in visitor.send(visitor.open(), overall_service="0").text
    assert len(stored()) == 1
    with world.app_context():
        assert db.session.scalar(select(func.count()).select_from(Rating)) == 0


@pytest.mark.parametrize(
    ("second", "words"), [("4", RECORDED), ("1", ALREADY), (None, ALREADY)], ids=["the same", "another", "nothing"]
)
def test_the_same_page_sent_again_is_thanked_and_counts_once(
    visitor: Visitor, stored: Stored, second: str | None, words: str
) -> None:
    token = visitor.open()
    visitor.send(token, overall_service="4")
    again = visitor.send(token, **({"overall_service": second} if second else {}))
    assert again.status_code == 200
    assert words in again.text
    assert [response.answers for response in stored()] == [{"overall_service": 4}]


def test_a_double_tap_counts_once(world: Flask, visitor: Visitor, stored: Stored) -> None:
    token = visitor.open()
    with ThreadPoolExecutor(4) as pool:
        taps = [
            pool.submit(world.test_client().post, f"/c/{MANY}", data={"token": token, "overall_service": "4"})
            for _tap in range(4)
        ]
        assert [tap.result().status_code for tap in taps] == [200] * 4
    assert len(stored()) == 1


def test_the_thanks_answer_what_was_sent_and_are_safe_to_reload(visitor: Visitor, stored: Stored) -> None:
    token = visitor.open()
    for _reload in range(3):
        page = visitor.client.post(f"/c/{MANY}?sent=1", data={"token": token, "overall_service": "4"})
        assert page.status_code == 200
        assert RECORDED in page.text
        assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert len(stored()) == 1


@pytest.mark.parametrize(("query", "words"), [("", RECORDED), ("?again=1", ALREADY)])
def test_the_address_to_which_thanks_were_sent_once_still_thanks(visitor: Visitor, query: str, words: str) -> None:
    page = visitor.client.get(f"/c/{MANY}/thanks{query}")
    assert words in page.text
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])


def test_thanks_can_be_read_in_the_other_language(visitor: Visitor) -> None:
    page = visitor.send(visitor.open(), overall_service="4")
    assert f'href="/c/{MANY}/thanks?lang=en"' in page.text


def test_two_visits_count_twice(visitor: Visitor, stored: Stored) -> None:
    for _visit in range(2):
        visitor.send(visitor.open(), overall_service="4")
    assert len(stored()) == 2


def test_a_page_is_good_for_a_day(visitor: Visitor, stored: Stored) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        token = visitor.open()
        clock.shift(dt.timedelta(hours=24))
        assert RECORDED in visitor.send(token, overall_service="4").text
    assert len(stored()) == 1


def test_a_page_is_not_too_old_because_the_servers_clock_was_set_back(visitor: Visitor) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        token = visitor.open()
        clock.shift(dt.timedelta(minutes=-3))
        page = visitor.send(token, overall_service="4")
    assert RECORDED in page.text


def test_a_page_open_too_long_comes_back_with_its_answers_and_can_be_sent(visitor: Visitor, stored: Stored) -> None:
    fields = {"overall_service": "2", "respondent_kind": "individual", "service": "ket-hon", "comment": "Chờ lâu"}
    with time_machine.travel(MORNING, tick=False) as clock:
        token = visitor.open()
        clock.shift(dt.timedelta(hours=24, seconds=1))
        page = visitor.send(token, **fields)
        assert page.status_code == 422
        assert TOO_OLD in page.text
        tree = assert_valid_html(page.text, page.headers["Content-Security-Policy"])
        checked = {(box.get("name"), box.get("value")) for box in tree.iter("input") if box.get("checked") is not None}
        assert checked == {("overall_service", "2"), ("respondent_kind", "individual")}
        assert [o.get("value") for o in tree.iter("option") if o.get("selected") is not None] == ["ket-hon"]
        assert "Chờ lâu" in page.text
        assert stored() == []
        assert RECORDED in visitor.send(token_in(page.text), **fields).text
    assert [response.comment for response in stored()] == ["Chờ lâu"]


def test_an_answer_already_counted_stays_so_when_its_page_is_sent_days_later(visitor: Visitor, stored: Stored) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        token = visitor.open()
        visitor.send(token, overall_service="4")
        clock.shift(dt.timedelta(days=3))
        assert ALREADY in visitor.send(token, overall_service="4").text
    assert len(stored()) == 1


@pytest.mark.parametrize("spoil", ["", "forged", "x" * 5000, "a\x00b"], ids=["none", "forged", "long", "nul"])
def test_a_token_that_was_not_signed_here_stores_nothing_and_keeps_the_answers(
    visitor: Visitor, stored: Stored, spoil: str
) -> None:
    page = visitor.send(spoil, overall_service="4", comment="Giữ lại")
    assert page.status_code == 422
    assert TOO_OLD in page.text
    assert "Giữ lại" in page.text
    assert stored() == []
    assert RECORDED in visitor.send(token_in(page.text), overall_service="4").text


def test_a_token_altered_by_one_letter_is_refused(visitor: Visitor, stored: Stored) -> None:
    token = visitor.open()
    altered = ("A" if token[5] != "A" else "B").join([token[:5], token[6:]])
    assert visitor.send(altered, overall_service="4").status_code == 422
    assert stored() == []


def test_a_token_of_another_counter_is_refused(visitor: Visitor, stored: Stored) -> None:
    token = visitor.open()
    assert Visitor(visitor.client, HEALTH).send(token, overall_health="4").status_code == 422
    assert stored() == []


def test_nothing_answered_is_said_at_the_first_question_and_the_rest_is_kept(visitor: Visitor, stored: Stored) -> None:
    token = visitor.open()
    page = visitor.send(token, officials_polite="5", respondent_kind="individual")
    assert page.status_code == 422
    tree = assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    (question,) = [f for f in tree.iter("fieldset") if f.get("id") == "overall_service"]
    assert question.get("aria-describedby") == "overall_service-error"
    (message,) = [p for p in question.iter("p") if p.get("id") == "overall_service-error"]
    assert "vui lòng chọn ít nhất một mức hài lòng" in (message.text or "")
    assert re.search(r'value="individual"[^>]* checked', page.text)
    assert next(tree.iter("details")).get("open") is not None
    assert stored() == []
    assert token_in(page.text) == token
    assert RECORDED in visitor.send(token, overall_procedures="3").text


@in_one_world(
    ("fields", "complaint"),
    [
        ({"overall_service": "6"}, "Vui lòng chọn một trong các mục có sẵn."),
        ({"overall_service": "-1"}, "Vui lòng chọn một trong các mục có sẵn."),
        ({"overall_service": "rất tốt"}, "Vui lòng chọn một trong các mục có sẵn."),
        ({"overall_service": "4", "officials_polite": "9"}, "Vui lòng chọn một trong các mục có sẵn."),
        ({"overall_service": "4", "respondent_kind": "robot"}, "Vui lòng chọn một trong các mục có sẵn."),
        ({"overall_service": "4", "service": "kham-benh"}, "Vui lòng chọn một trong các mục có sẵn."),
        ({"overall_service": "4", "comment": "ý" * 2001}, "Ý kiến dài 2001 ký tự, tối đa 2000."),
    ],
)
def test_a_value_that_was_not_offered_is_named_and_stores_nothing(
    visitor: Visitor, stored: Stored, fields: dict[str, str], complaint: str
) -> None:
    page = visitor.send(visitor.open(), **fields)
    assert page.status_code == 422
    assert complaint in page.text
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert stored() == []


def test_words_without_a_face_are_thanked_as_words_and_promised_no_place_in_the_results(
    visitor: Visitor, stored: Stored
) -> None:
    page = visitor.send(visitor.open(), comment="Ghế chờ hỏng")
    assert "<h1>" in page.text
    assert "Cảm ơn Ông/Bà. Ý kiến đã được ghi nhận." in page.text
    assert "được tính vào kết quả" not in page.text
    assert "words=1" in page.text  # in the other language, too
    assert [response.comment for response in stored()] == ["Ghế chờ hỏng"]
    assert "được tính vào kết quả" in visitor.send(visitor.open(), overall_service="4").text


def test_a_comment_of_exactly_the_limit_is_kept_whole(visitor: Visitor, stored: Stored) -> None:
    visitor.send(visitor.open(), overall_service="4", comment="ạ" * 2000)
    assert [len(response.comment or "") for response in stored()] == [2000]


def test_a_page_is_answered_in_the_version_it_showed(world: Flask, visitor: Visitor, stored: Stored) -> None:
    from survey.foundation.clock import now
    from survey.foundation.storage.database import db, writing
    from survey.questionnaires.models import QuestionnaireVersion

    token = visitor.open()
    with world.app_context(), writing() as session:
        text = {"vi": "Câu hỏi mới?", "en": "A new question?"}
        item = {"code": "overall_service", "type": "rating", "subject": "agency_service", "text": text}
        session.add(
            QuestionnaireVersion(
                questionnaire_key="administration", version=2, definition={"items": [item]}, published_at=now()
            )
        )
    assert "Câu hỏi mới?" in visitor.client.get(f"/c/{MANY}").text
    assert RECORDED in visitor.send(token, overall_procedures="2").text
    (response,) = stored()
    with world.app_context():
        version = db.session.get(QuestionnaireVersion, response.questionnaire_version_id)
        assert version is not None
        assert version.version == 1


def test_a_counter_of_two_sectors_stores_each_answer_in_its_own(world: Flask, stored: Stored) -> None:
    visitor = Visitor(world.test_client(), TWO_SECTORS)
    visitor.send(visitor.open(), overall_service="4")
    visitor.send(visitor.open("?sector=health"), "?sector=health", overall_health="2")
    assert {response.sector for response in stored()} == {"administration", "health"}


def test_a_database_in_trouble_gives_the_answers_back_to_be_sent_again(
    visitor: Visitor, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey.channels.web import service

    def fail(*_given: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    token = visitor.open()
    with monkeypatch.context() as patch:
        patch.setattr(service, "receive_under", fail)
        page = visitor.send(token, overall_service="4", comment="Còn đây")
    assert page.status_code == 503
    assert "Còn đây" in page.text
    assert stored() == []
    assert RECORDED in visitor.send(token_in(page.text), overall_service="4").text
    assert len(stored()) == 1
