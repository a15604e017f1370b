"""Answers that arrived after a period was closed: kiosks may hold them for weeks. SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from survey.foundation.storage.database import db
from survey.responses.kept_times import hour_begins
from survey.responses.models import Rating, RatingMark, Response

K = TypeVar("K", bound=Hashable)


class Closed(NamedTuple):
    """A closed period: its months (``YYYY-MM``) and the instant it was closed."""

    months: Sequence[str]
    closed_at: dt.datetime


def count_late(province_id: int, months: Sequence[str], closed_at: dt.datetime) -> int:
    """How many rated answers of these months (``YYYY-MM``) were received at the instant of the closing or later."""
    return count_late_of_each(province_id, {"": Closed(months, closed_at)})[""]


def count_late_of_each(
    province_id: int,
    closed: Mapping[K, Closed],
    *,
    sectors: Collection[str] | None = None,
    agency_ids: Collection[int] | None = None,
) -> dict[K, int]:
    """`count_late` of several periods; those no late answer came to cost one statement together.

    None as `sectors` or `agency_ids` means all of them.
    """
    late = _fetch_late_marks(province_id, closed.values())
    if agency_ids is not None:
        late = [mark for mark in late if mark.agency_id in agency_ids]
    late_of = {}
    for name, closing in closed.items():
        agencies = {
            mark.agency_id for mark in late if mark.month in closing.months and mark.latest >= closing.closed_at
        }
        late_of[name] = _count(province_id, closing, agencies, sectors) if agencies else 0
    return late_of


def keep_before(session: Session, province_id: int, months: Sequence[str], closed_at: dt.datetime) -> None:
    """What these months got so far was received before the instant of their closing, in its hour too."""
    for table in (Response, Rating):
        inside = (table.province_id == province_id, table.month.in_(months), table.received_at >= closed_at)
        session.execute(update(table).where(*inside).values(received_at=hour_begins(closed_at)))


class _Mark(NamedTuple):
    month: str
    agency_id: int
    latest: dt.datetime


def _fetch_late_marks(province_id: int, closed: Collection[Closed]) -> list[_Mark]:
    # Told by one small row an agency and month: a closed period mostly stays as it is, and no answer need be read.
    if not closed:
        return []
    query = select(RatingMark.month, RatingMark.agency_id, RatingMark.latest).where(
        RatingMark.province_id == province_id,
        RatingMark.month.in_(sorted({month for closing in closed for month in closing.months})),
        RatingMark.latest >= min(closing.closed_at for closing in closed),
    )
    return [_Mark(*row) for row in db.session.execute(query)]


def _count(province_id: int, closed: Closed, agency_ids: Collection[int], sectors: Collection[str] | None) -> int:
    query = select(func.count()).where(
        Response.province_id == province_id,
        Response.month.in_(closed.months),
        Response.agency_id.in_(agency_ids),
        Response.received_at >= closed.closed_at,
    )
    if sectors is not None:
        query = query.where(Response.sector.in_(sectors))
    return db.session.scalar(query) or 0
