"""Answers that arrived after a period was closed: kiosks may hold them for weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from survey.foundation.database import db
from survey.responses.models import Response


def count_late(
    province_id: int, months: Sequence[str], closed_at: dt.datetime, *, agency_ids: Collection[int] | None = None
) -> int:
    """How many answers of these months (``YYYY-MM``) were received after the instant at which the period was closed."""
    query = select(func.count()).where(
        Response.province_id == province_id, Response.month.in_(months), Response.received_at > closed_at
    )
    if agency_ids is not None:
        query = query.where(Response.agency_id.in_(agency_ids))
    return db.session.scalar(query) or 0
