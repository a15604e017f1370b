"""A citizen asks for a reply without a name: the thanks page gives a code, and the code shows the answer."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.feedback.codes import code_of, digest_of, grouped, normal
from survey.feedback.flow import answer_case, close_case
from survey.feedback.models import FeedbackCase
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.identifiers import digest
from tests.channels.conftest import RECORDED, Visitor
from tests.registry.pages import text_of
from tests.support.html import assert_valid_html

COMMENT = "Chờ lâu quá, gọi tôi số 0900 000 000"
ANSWER = "Từ 01/12 mở thêm một quầy buổi sáng."


def code_in(answer: TestResponse) -> str:
    match = re.search(r'href="/p/([A-Z0-9]{16})', answer.text)
    assert match, answer.text
    return match[1]


def ask(visitor: Visitor, **fields: str) -> TestResponse:
    return visitor.send(visitor.open(), **({"overall_service": "1", "comment": COMMENT, "reply": "1"} | fields))


def cases(database: SQLAlchemy) -> list[FeedbackCase]:
    database.session.rollback()
    return list(database.session.scalars(select(FeedbackCase)))


def test_who_asks_for_a_reply_gets_a_code_that_shows_how_far_it_has_come(
    world: Flask, visitor: Visitor, database: SQLAlchemy
) -> None:
    thanked = ask(visitor)
    assert RECORDED in thanked.text
    code = code_in(thanked)
    assert grouped(code) in thanked.text
    (case,) = cases(database)
    assert (case.state, case.rating, case.opened_by_id, case.sector) == ("received", 1, None, "administration")
    page = visitor.client.get(f"/p/{code}")
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert "Ý kiến đang chờ trả lời" in page.text
    assert "chậm nhất ngày 04/12/2026" in page.text  # ten working days after Friday 20 November
    with world.app_context():
        answer_case(case.id, ANSWER)
    assert ANSWER in visitor.client.get(f"/p/{code}").text
    with world.app_context():
        assert close_case(case.id)
    closed = visitor.client.get(f"/p/{code}").text
    assert ANSWER in closed
    assert "đã khép lại ngày 20/11/2026" in closed


def test_the_page_of_a_case_holds_no_personal_data_and_sets_no_cookie(visitor: Visitor) -> None:
    thanked = ask(visitor)
    page = visitor.client.get(f"/p/{code_in(thanked)}")
    assert "Chờ lâu" not in page.text
    assert "0900" not in page.text
    for answer in (thanked, page):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_in_the_database_opens_a_case_and_nobody_is_noted(
    world: Flask, visitor: Visitor, database: SQLAlchemy
) -> None:
    code = code_in(ask(visitor))
    (case,) = cases(database)
    with world.app_context():
        assert case.code_digest == digest_of(code)
    assert case.code_digest != digest(code)
    assert code not in str(vars(case))
    assert list(database.session.scalars(select(AuditEntry))) == []


def test_sending_again_shows_the_same_code_and_opens_no_second_case(visitor: Visitor, database: SQLAlchemy) -> None:
    token = visitor.open()
    fields = {"overall_service": "1", "comment": COMMENT, "reply": "1"}
    first, again = visitor.send(token, **fields), visitor.send(token, **fields)
    assert RECORDED in again.text
    assert code_in(first) == code_in(again)
    assert len(cases(database)) == 1


def test_a_double_tap_opens_one_case_and_shows_its_code_each_time(visitor: Visitor, database: SQLAlchemy) -> None:
    token = visitor.open()
    fields = {"overall_service": "1", "comment": COMMENT, "reply": "1"}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: visitor.send(token, **fields), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({code_in(answer) for answer in answers}) == 1
    assert len(cases(database)) == 1


def test_whoever_goes_back_and_ticks_the_box_afterwards_gets_a_code_too(visitor: Visitor, database: SQLAlchemy) -> None:
    token = visitor.open()
    assert "/p/" not in visitor.send(token, overall_service="1", comment=COMMENT).text
    assert cases(database) == []
    again = visitor.send(token, overall_service="1", comment=COMMENT, reply="1")
    assert RECORDED in again.text
    assert code_in(again)


def test_without_the_box_or_without_a_comment_no_case_is_opened(visitor: Visitor, database: SQLAlchemy) -> None:
    visitor.send(visitor.open(), overall_service="1", comment=COMMENT)
    refused = ask(visitor, comment="  ")
    assert refused.status_code == 422
    assert "Xin viết ý kiến cần được trả lời" in refused.text
    assert cases(database) == []


def test_a_code_is_found_however_it_is_typed_and_a_wrong_one_is_told_kindly(visitor: Visitor) -> None:
    code = code_in(ask(visitor))
    typed = grouped(code).lower()
    assert visitor.client.get("/p/").status_code == 200
    page = visitor.client.get("/p/", query_string={"code": f" {typed} "}, follow_redirects=True)
    assert "Ý kiến đang chờ trả lời" in page.text
    for dash in ("–", "—", " - ", "\u2011"):
        page = visitor.client.get("/p/", query_string={"code": typed.replace("-", dash)}, follow_redirects=True)
        assert "Ý kiến đang chờ trả lời" in page.text, dash
    for path in ("/p/ABCDEFGHJKMNPQRS", "/p/x", "/p/?code=x"):
        missing = visitor.client.get(path)
        assert missing.status_code == 404
        assert_valid_html(missing.text, missing.headers["Content-Security-Policy"])
        assert "Không tìm thấy mã này" in text_of(missing.text)


def test_codes_are_different_unguessable_and_of_one_alphabet(world: Flask) -> None:
    with world.app_context():
        codes = {code_of(uuid.UUID(int=number)) for number in range(500)}
        assert len(codes) == 500
        assert all(normal(code) == code for code in codes)
        code = code_of(uuid.UUID(int=1))
        world.config["SECRET_KEY"] = "another key entirely, of good length"
        assert code_of(uuid.UUID(int=1)) != code


def test_a_code_stays_good_under_an_earlier_key_and_nothing_stored_opens_a_case(
    world: Flask, visitor: Visitor, database: SQLAlchemy
) -> None:
    code = code_in(ask(visitor))
    (case,) = cases(database)
    assert case.code_digest != digest(code)
    assert visitor.client.get(f"/p/{case.code_digest[:16].upper()}").status_code == 404
    key = world.config["SECRET_KEY"]
    world.config.update(SECRET_KEY="another key entirely, of good length", SECRET_KEY_FALLBACKS=[key])
    assert visitor.client.get(f"/p/{code}").status_code == 200
    world.config["SECRET_KEY_FALLBACKS"] = []
    assert visitor.client.get(f"/p/{code}").status_code == 404
