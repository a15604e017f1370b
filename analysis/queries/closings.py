"""When a period was closed."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from analysis.published.models import Closing
from analysis.queries.snapshot import read_once
from survey.foundation.database import db


@read_once
def fetch_closing_instant(province_id: int, period: str) -> dt.datetime | None:
    """The instant of the latest closing of exactly this period; None while it is open."""
    return db.session.scalar(
        select(func.max(Closing.closed_at)).where(Closing.province_id == province_id, Closing.period == period)
    )
