"""Answers that arrived after a period was closed: kiosks may hold them for weeks. SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from survey.foundation.database import db
from survey.responses.models import RatingMark, Response


def count_late(
    province_id: int,
    months: Sequence[str],
    closed_at: dt.datetime,
    *,
    sectors: Collection[str] | None = None,
    agency_ids: Collection[int] | None = None,
) -> int:
    """How many rated answers of these months (``YYYY-MM``) were received at the instant of the closing or later.

    None as `sectors` or `agency_ids` means all of them.
    """
    late_agencies = _agencies_with_late_ratings(province_id, months, closed_at)
    if agency_ids is not None:
        late_agencies &= set(agency_ids)
    if not late_agencies:
        return 0
    query = select(func.count()).where(
        Response.province_id == province_id,
        Response.month.in_(months),
        Response.agency_id.in_(late_agencies),
        Response.received_at >= closed_at,
    )
    if sectors is not None:
        query = query.where(Response.sector.in_(sectors))
    return db.session.scalar(query) or 0


def _agencies_with_late_ratings(province_id: int, months: Sequence[str], closed_at: dt.datetime) -> set[int]:
    # Told by one small row an agency and month: a closed period mostly stays as it is, and no answer need be read.
    query = select(RatingMark.agency_id).where(
        RatingMark.province_id == province_id, RatingMark.month.in_(months), RatingMark.latest >= closed_at
    )
    return set(db.session.scalars(query))
