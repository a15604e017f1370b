"""A code that gives no form gets a page that helps."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.channels.conftest import ALREADY, Stored, Visitor
from tests.channels.world import CLOSED, GONE, MANY, NOT_READY, TO_COME
from tests.feedback.test_following import code_in
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html

pytestmark = pytest.mark.one_database

CASES = {
    "unknown": ("khong-co", "Vui lòng quét lại mã QR tại quầy hoặc hỏi nhân viên hướng dẫn."),
    "no code": ("%00%01", "vui lòng quét lại mã hoặc hỏi nhân viên hướng dẫn."),
    "closed": (CLOSED, "Quầy này hiện không nhận đánh giá."),
    "gone": (GONE, "Cơ quan đã ngừng hoạt động hoặc đã sắp xếp lại."),
    "to come": (TO_COME, "Quầy này hiện không nhận đánh giá."),
    "not ready": (NOT_READY, "Chưa có dịch vụ nào được khai báo cho quầy này"),
}


@in_one_world(("code", "words"), CASES.values())
def test_the_page_says_why_and_what_to_do(world: Flask, code: str, words: str) -> None:
    answer = world.test_client().get(f"/c/{code}")
    assert answer.status_code == 404
    assert words in answer.text
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])


def test_an_agency_that_was_merged_names_who_took_over(world: Flask) -> None:
    assert "<li>UBND xã Ea Kao</li>" in world.test_client().get(f"/c/{GONE}").text


@in_one_world("code", ["khong-co", CLOSED, GONE, NOT_READY])
def test_answers_sent_there_are_not_stored(world: Flask, visitor: Visitor, stored: Stored, code: str) -> None:
    answer = world.test_client().post(f"/c/{code}", data={"token": visitor.open(), "overall_service": "4"})
    assert answer.status_code == 404
    assert stored() == []


def close_today(world: Flask) -> None:
    from survey.foundation.clock import today
    from survey.foundation.storage.database import writing
    from survey.registry.models import Counter

    with world.app_context(), writing() as session:
        session.query(Counter).filter_by(code=MANY).one().closed_on = today()


def test_a_counter_closed_while_its_page_was_open_stores_nothing(
    world: Flask, visitor: Visitor, stored: Stored
) -> None:
    token = visitor.open()
    close_today(world)
    page = visitor.send(token, overall_service="4")
    assert (page.status_code, stored()) == (404, [])
    assert "Quầy này hiện không nhận đánh giá." in page.text


def test_an_answer_taken_before_its_counter_closed_is_thanked_when_it_is_sent_again(
    world: Flask, visitor: Visitor, stored: Stored
) -> None:
    token, given = visitor.open(), {"overall_service": "4", "comment": "Chờ lâu", "reply": "1"}
    code = code_in(visitor.send(token, **given))
    close_today(world)
    page = visitor.send(token, **given)
    assert (page.status_code, len(stored())) == (200, 1)
    assert ALREADY in page.text
    assert code_in(page) == code
