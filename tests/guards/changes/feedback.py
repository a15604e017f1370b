"""Cases: opened, classified, answered, published: one real change for every address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.feedback.follow.contacts import leave_contact
from survey.feedback.models import FeedbackCase, FeedbackPublication
from survey.foundation.security.sealed import COMMENT, seal
from survey.foundation.storage.database import db
from survey.registry.models import Province
from survey.responses.models import Response
from tests.guards.changes.desk import Desk, press


def open_feedback(desk: Desk) -> TestResponse:
    response = desk.one(
        select(Response.id)
        .join(Province, Province.id == Response.province_id)
        .where(Province.key == "dak-lak", Response.comment.is_not(None))
        .where(Response.id.not_in(select(FeedbackCase.response_id).where(FeedbackCase.response_id.is_not(None))))
        .limit(1)
    )
    with desk.app.app_context():
        sealed = seal(COMMENT, str(response))
    return desk.send("/desk/feedback/open", response=sealed)


def read_contact(desk: Desk) -> TestResponse:
    """The citizen has left one before."""
    with desk.app.app_context():
        leave_contact(desk.place.case, "0912345678")
    return desk.submit(f"{_feedback(desk)}/contact", _feedback(desk))


def propose_reply(desk: Desk) -> TestResponse:
    """Of a case that a clerk entered: no answer behind it waits for the release gate."""
    with desk.app.app_context():
        case = db.session.get_one(FeedbackCase, desk.place.case)
        case.response_id, case.text = None, "Chờ lâu quá."
        db.session.commit()
    said = {"said": "Thiếu ghế ngồi.", "reply": "Đã kê thêm ghế.", "seen_through": "y"}
    return desk.submit(f"{_feedback(desk)}/propose", _feedback(desk), **said)


def publish_reply(desk: Desk) -> TestResponse:
    """By another person than the one who proposed it."""
    with desk.app.app_context():
        publication = db.session.get_one(FeedbackPublication, desk.place.case)
        publication.proposed_by_id = None
        db.session.commit()
    return desk.submit(f"{_feedback(desk)}/publish", _feedback(desk))


def screen_case(desk: Desk) -> TestResponse:
    """It came as part of a flood."""
    with desk.app.app_context():
        db.session.get_one(FeedbackCase, desk.place.case).set_apart = True
        db.session.commit()
    return desk.submit(f"{_feedback(desk)}/screen", _feedback(desk), do="release")


def enter_feedback(desk: Desk) -> TestResponse:
    said = {"agency": desk.place.agency, "sector": "health", "channel": "phone", "text": "Thiếu ghế ngồi"}
    return desk.submit("/desk/feedback/new", **said)


def _feedback(desk: Desk) -> str:
    return f"/desk/feedback/{desk.place.case}"


CHANGES: Mapping[str, Callable[[Desk], TestResponse]] = {
    "feedback.open_from_comment": open_feedback,
    "feedback_entry.take": enter_feedback,
    "feedback.screen_case": screen_case,
    "feedback.classify": press(_feedback, "classify", kind="service", holder="above"),
    "feedback.contact": read_contact,
    "feedback.note": press(_feedback, "note", note="Đã gọi cho bộ phận một cửa."),
    "feedback.answer": press(_feedback, "answer", answer="Đơn vị đã tăng thêm người tiếp nhận.", checked="y"),
    "feedback.propose": propose_reply,
    "feedback.publish": publish_reply,
    "feedback.withdraw": press(_feedback, "withdraw"),
    "feedback.close": press(_feedback, "close"),
}
