"""The feedback of the demonstration: discontented comments of Đắk Lắk, some waiting, one overdue, some answered."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import current_app
from sqlalchemy import select

from survey.demo.told_cases import tell_demo_cases
from survey.feedback.flow import answer_case, close_case
from survey.feedback.models import FeedbackCase
from survey.feedback.queries import find_of_response
from survey.feedback.service import ask_for_reply
from survey.foundation import working_days
from survey.foundation.clock import local_day, now
from survey.foundation.storage.database import db, locked, writing
from survey.registry.queries import find_province
from survey.responses.models import Rating, Response

ANSWER = "Cơ quan đã xem lại, thêm người tiếp nhận vào giờ cao điểm và niêm yết lại thời hạn. Xin cảm ơn Ông/Bà."
WAITING, OVERDUE, ANSWERED = 3, 1, 3  # how many; of the answered the first is closed
OLD = dt.timedelta(days=30)  # longer ago than any term of reply
LATELY = dt.timedelta(days=4)  # what waits was asked for at the earliest
LOOKED_AT = 300

Comment = tuple[uuid.UUID, dt.datetime]


def open_demo_cases() -> None:
    """Open cases as citizens would, most at the moment of their comment; answer some, close one."""
    province = find_province("dak-lak")
    comments = _discontented(province.id) if province else []
    waiting = [(id_, max(moment, now() - LATELY)) for id_, moment in comments[:WAITING]]
    old = [comment for comment in comments[WAITING:] if comment[1] < now() - OLD]
    for due in (*waiting, *old[:OVERDUE]):
        _open(due)
    for number, due in enumerate(old[OVERDUE : OVERDUE + ANSWERED]):
        case_id = _open(due)
        answer_case(case_id, ANSWER)
        if number == 0:
            close_case(case_id)
    if province is not None:
        tell_demo_cases(province.id)


def _open(comment: Comment) -> int:
    response_id, moment = comment
    ask_for_reply(response_id)
    # Not by its code, which another key makes another: a start may go on with a demonstration that one of before began.
    case = find_of_response(db.session(), response_id)
    assert case is not None, "a comment that was found has a case now"
    case_id, days = case.id, current_app.extensions["settings"].feedback_working_days
    with writing() as session:
        case = locked(session, FeedbackCase, case_id)
        case.opened_at, case.due_on = moment, working_days.after(local_day(moment), days)
    return int(case_id)


def _discontented(province_id: int) -> list[Comment]:
    """The latest comments beside a low rating, the newest first."""
    query = (
        select(Response.id, Response.answered_at)
        .join(Rating, Rating.response_id == Response.id)
        .where(Response.province_id == province_id, Response.comment.is_not(None), Rating.value <= 2)
        .group_by(Response.id, Response.answered_at)
        .order_by(Response.answered_at.desc(), Response.id)
        .limit(LOOKED_AT)
    )
    return [(id_, moment) for id_, moment in db.session.execute(query)]
