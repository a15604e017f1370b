"""The feedback of the demonstration: the latest discontented comments of Đắk Lắk, some answered, one closed."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from survey.agencies.queries import find_province
from survey.feedback.service import answer_case, ask_for_reply, close_case, code_if_opened, find_followed
from survey.foundation.database import db
from survey.responses.models import Rating, Response

CASES, ANSWERED = 8, 3
ANSWER = "Cơ quan đã xem lại, thêm người tiếp nhận vào giờ cao điểm và niêm yết lại thời hạn. Xin cảm ơn Ông/Bà."


def open_demo_cases() -> None:
    """Open a few cases as citizens would, answer some, close the first."""
    province = find_province("dak-lak")
    chosen = _discontented(province.id) if province else []
    for number, response_id in enumerate(chosen):
        ask_for_reply(response_id)
        case = find_followed(code_if_opened(response_id) or "")
        if case is not None and number < ANSWERED:
            answer_case(case.id, ANSWER)
        if case is not None and number == 0:
            close_case(case.id)


def _discontented(province_id: int) -> list[uuid.UUID]:
    query = (
        select(Response.id)
        .join(Rating, Rating.response_id == Response.id)
        .where(Response.province_id == province_id, Response.comment.is_not(None), Rating.value <= 2)
        .group_by(Response.id, Response.answered_at)
        .order_by(Response.answered_at.desc(), Response.id)
        .limit(CASES)
    )
    return list(db.session.scalars(query))
