"""On how many days an agency's kiosks took an answer that may be told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from analysis.periods.release_gate import fetch_released
from survey.foundation.clock import start_of_day, today
from survey.foundation.storage.database import db
from survey.responses.models import Response


@dataclass(frozen=True)
class KioskScope:
    """Months of agencies (ids), up to a day (ISO)."""

    province_id: int
    months: tuple[str, ...]
    until: str
    agencies: frozenset[int]


def count_kiosk_days(scope: KioskScope) -> int:
    """Days with at least one answer from a kiosk; answers that could not be told then do not count."""
    last, months = dt.date.fromisoformat(scope.until), tuple(sorted(scope.months))
    end = start_of_day(last + dt.timedelta(days=1))
    held = fetch_released(scope.province_id, months, min(end, start_of_day(today()))).held_back(Response, months)
    query = select(func.count(Response.day.distinct())).where(
        Response.province_id == scope.province_id,
        Response.month.in_(months),
        Response.day <= last,
        Response.agency_id.in_(scope.agencies),
        Response.channel == "kiosk",
        ~held,
    )
    return db.session.scalar(query) or 0
