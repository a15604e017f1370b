"""Cases at the desk: opened from a comment, answered once more than once, closed; each only within the own scope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.feedback import flow
from survey.feedback.models import FeedbackCase
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.security import sealed
from survey.foundation.storage.database import db
from survey.responses.models import Response
from tests.channels.conftest import Visitor
from tests.channels.world import HEALTH
from tests.registry.pages import fields_of, open_page, text_of
from tests.support.staff import signed_in

COMMENT = "Phòng khám đông, thiếu ghế ngồi. Gọi tôi số 0900 000 000."
COMMENTS = "/desk/dak-lak/health/comments"


@pytest.fixture
def comment(world: Flask) -> str:
    """The id of a response with a comment at the hospital."""
    citizen = Visitor(world.test_client(), HEALTH)
    citizen.send(citizen.open(), overall_health="2", comment=COMMENT)
    with world.app_context():
        return str(db.session.scalars(select(Response.id)).one())


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def opened(client: FlaskClient) -> str:
    """Open the case from the page of comments; the address of its page."""
    fields = fields_of(open_page(client, COMMENTS), "response")
    answer = client.post("/desk/feedback/open", data=fields)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def traces(database: SQLAlchemy) -> list[AuditEntry]:
    database.session.rollback()
    return list(database.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


def test_an_officer_opens_a_case_from_a_comment_once_and_others_answer(
    world: Flask, comment: str, owner: FlaskClient, database: SQLAlchemy
) -> None:
    officer = signed_in(world, "can-bo", "officer")
    address = opened(officer)
    page = text_of(officer.get(address).text)
    assert "Phòng khám đông, thiếu ghế ngồi. Gọi tôi số [số]." in page  # masked on sight
    assert "người viết ý kiến không có mã theo dõi" in page
    assert "Lưu trả lời" not in page
    assert f'href="{address}"' in officer.get(COMMENTS).text
    assert "Mở phản ánh để trả lời" not in officer.get(COMMENTS).text
    fields = fields_of(open_page(owner, address), "answer")
    owner.post(f"{address}/answer", data=fields | {"answer": "Đã kê thêm 20 ghế từ 23/11."})
    fields = fields_of(open_page(owner, address), "answer")
    assert fields["answer"] == "Đã kê thêm 20 ghế từ 23/11."
    owner.post(f"{address}/answer", data=fields | {"answer": "Đã kê thêm 30 ghế từ 23/11."})
    owner.post(f"{address}/close", data=fields)
    opening, answer, change, closing = traces(database)
    assert [entry.action for entry in (opening, answer, change, closing)] == [
        "open_feedback",
        "answer_feedback",
        "answer_feedback",
        "close_feedback",
    ]
    assert opening.after == {"state": "received", "due_on": "2026-12-04"}
    assert (answer.before, answer.after) == ({"state": "received", "answers": 0}, {"state": "answered", "answers": 1})
    assert (change.before, change.after) == ({"state": "answered", "answers": 1}, {"state": "answered", "answers": 2})
    assert "Lưu trả lời" not in owner.get(address).text


def test_a_case_is_not_closed_before_it_is_answered_nor_changed_after_it_is_closed(
    world: Flask, comment: str, owner: FlaskClient, database: SQLAlchemy
) -> None:
    address = opened(owner)
    fields = fields_of(open_page(owner, address), "answer")
    refused = owner.post(f"{address}/close", data=fields, follow_redirects=True)
    assert "trả lời trước rồi mới khép lại" in refused.text
    owner.post(f"{address}/answer", data=fields | {"answer": "Đã kê thêm ghế."})
    owner.post(f"{address}/close", data=fields)
    late = owner.post(f"{address}/answer", data=fields | {"answer": "Khác"}, follow_redirects=True)
    assert "đã khép lại nên không sửa được" in late.text
    database.session.rollback()
    assert database.session.scalars(select(FeedbackCase.answer)).one() == "Đã kê thêm ghế."


def test_an_answer_that_seems_to_name_someone_is_held_until_looked_at(
    world: Flask, comment: str, owner: FlaskClient
) -> None:
    address = opened(owner)
    told = "Mời bà Nguyễn Thị Lan gọi 0912 345 678."
    fields = fields_of(open_page(owner, address), "answer") | {"answer": told}
    held = owner.post(f"{address}/answer", data=fields)
    assert held.status_code == 422
    assert "Câu trả lời có họ tên, số điện thoại" in held.text
    assert told in held.text  # nothing typed is lost
    assert owner.post(f"{address}/answer", data=fields | {"checked": "y"}).status_code == 302
    empty = owner.post(f"{address}/answer", data=fields | {"answer": " "})
    assert "Ghi câu trả lời." in empty.text


def test_the_list_and_the_overview_say_what_waits_and_what_is_late(
    world: Flask, comment: str, owner: FlaskClient, database: SQLAlchemy
) -> None:
    assert "Không có phản ánh nào" in owner.get("/desk/feedback").text
    opened(owner)
    open_page(owner, "/desk/feedback")
    assert "1 phản ánh, đến hạn trước đứng trước" in text_of(owner.get("/desk/feedback").text)
    overview = text_of(owner.get("/desk/dak-lak/health").text)
    assert "Trả lời 1 phản ánh còn hạn" in overview
    database.session.execute(FeedbackCase.__table__.update().values(due_on=dt.date(2026, 11, 19)))
    database.session.commit()
    assert "quá hạn" in text_of(owner.get("/desk/feedback?state=overdue").text)
    assert "Trả lời 1 phản ánh quá hạn" in text_of(owner.get("/desk/dak-lak/health").text)
    assert "phản ánh còn hạn" not in text_of(
        signed_in(world, "so-gddt", "method_owner", sector="education").get("/desk/dak-lak/education").text
    )


def test_strangers_neither_see_nor_open_cases(world: Flask, comment: str, owner: FlaskClient) -> None:
    world.config["WTF_CSRF_ENABLED"] = False
    auditor = signed_in(world, "thanh-tra", "auditor")
    with world.app_context():
        named = sealed.seal(sealed.COMMENT, comment)
    assert auditor.post("/desk/feedback/open", data={"response": named}).status_code == 403
    for name, stranger in {
        "so-gddt": signed_in(world, "so-gddt", "method_owner", sector="education"),
        "son-la": signed_in(world, "son-la", "administrator", province="son-la"),
    }.items():
        assert stranger.post("/desk/feedback/open", data={"response": named}).status_code == 404, name
    for other in ("x", comment):  # an answer's id opens nothing
        assert owner.post("/desk/feedback/open", data={"response": other}).status_code == 404
    address = opened(owner)
    assert auditor.get(address).status_code == 200
    assert auditor.post(f"{address}/answer", data={"answer": "Không"}).status_code == 403
    for stranger in (signed_in(world, "ubnd", "agency_manager", agency="ubnd-ea-kao"),):
        assert stranger.get(address).status_code == 404
        assert "ghế" not in stranger.get("/desk/feedback").text


def test_the_same_reply_or_close_sent_twice_leaves_one_trace(
    world: Flask, comment: str, owner: FlaskClient, database: SQLAlchemy
) -> None:
    address = opened(owner)
    fields = fields_of(open_page(owner, address), "answer") | {"answer": "Đã kê thêm ghế."}
    for _ in range(2):
        assert owner.post(f"{address}/answer", data=fields).status_code == 302
    for _ in range(2):
        assert owner.post(f"{address}/close", data=fields).status_code == 302
    assert [trace.action for trace in traces(database)] == ["open_feedback", "answer_feedback", "close_feedback"]


def test_the_same_reply_sent_by_four_at_once_leaves_one_trace(
    world: Flask, comment: str, owner: FlaskClient, database: SQLAlchemy
) -> None:
    case_id = int(opened(owner).rpartition("/")[2])
    together = Barrier(4)

    def send(step: Callable[[], object]) -> None:
        together.wait()
        with world.app_context():
            step()

    for step in (lambda: flow.answer_case(case_id, "Đã kê thêm ghế."), lambda: flow.close_case(case_id)):
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(send, [step] * 4))
    assert [trace.action for trace in traces(database)] == ["open_feedback", "answer_feedback", "close_feedback"]
