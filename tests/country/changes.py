"""What happens to a province over time: answers are erased, agencies merge, a quarter closes, answers come too late."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import insert, inspect, select

from analysis.figures.register import fetch_province
from analysis.results.closing.service import close_period
from survey.foundation.clock import now
from survey.foundation.periods import Period
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, AgencySuccession
from survey.responses.models import AnswerBeyondCapacity, Rating, Response
from survey.retention.service import erase

KEY, MONTH, CLOSED = "dak-lak", "2026-05", "2026-Q2"


def change_everything() -> list[uuid.UUID]:
    """Let all of it happen to one province; gives the ids that are erased."""
    province = fetch_province(KEY)
    query = select(Rating.response_id).where(Rating.province_id == province.id, Rating.month == MONTH)
    ids = list(db.session.scalars(query.order_by(Rating.response_id).limit(40)))
    gone, beyond, copied = ids[:7], ids[7:20], ids[20:]
    for id_ in gone:
        erase(id_, "theo đơn")
    query_of_agencies = select(Agency.id).where(Agency.province_id == province.id).order_by(Agency.code)
    agencies = list(db.session.scalars(query_of_agencies.limit(2)))
    with writing() as session:
        session.add(AgencySuccession(predecessor_id=agencies[0], successor_id=agencies[1], kind="merged"))
        session.add_all(AnswerBeyondCapacity(response_id=id_) for id_ in beyond)
    close_period(KEY, Period.parse(CLOSED))
    for id_ in copied:
        _come_late(id_)
    return gone


def _come_late(id_: uuid.UUID) -> None:
    """Another answer like this one, received after the quarter closed."""
    late = {"received_at": now() + dt.timedelta(hours=1)}
    new = uuid.uuid4()
    with writing() as session:
        for model, name in ((Response, "id"), (Rating, "response_id")):
            key = getattr(model, name)
            rows = [_values(row) | {name: new} | late for row in session.scalars(select(model).where(key == id_))]
            session.execute(insert(model), rows)


def _values(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in inspect(row).mapper.column_attrs}
