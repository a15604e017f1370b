"""On how many days an agency's kiosks took an answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from survey.foundation.database import db
from survey.responses.models import Response


@dataclass(frozen=True)
class KioskScope:
    """Months of agencies (ids), up to a day (ISO)."""

    province_id: int
    months: tuple[str, ...]
    until: str
    agencies: frozenset[int]


def count_kiosk_days(scope: KioskScope) -> int:
    """Days with at least one answer from a kiosk."""
    query = select(func.count(Response.day.distinct())).where(
        Response.province_id == scope.province_id,
        Response.month.in_(scope.months),
        Response.day <= dt.date.fromisoformat(scope.until),
        Response.agency_id.in_(scope.agencies),
        Response.channel == "kiosk",
    )
    return db.session.scalar(query) or 0
