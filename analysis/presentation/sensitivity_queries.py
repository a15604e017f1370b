"""What stands beside a verdict and is no figure of its own: counters and overdue dossiers. SQL only."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from analysis.figures.rating_queries import RatingScope, conditions
from survey.foundation.database import db
from survey.foundation.periods import Period
from survey.registry.models import Agency, Caseload, Counter, Service
from survey.responses.models import Rating


def count_answering_counters(scope: RatingScope) -> int:
    """Counters that gave at least one rating of the scope."""
    query = select(func.count(func.distinct(Rating.counter_id))).where(*conditions(scope))
    return db.session.scalar(query) or 0


def count_counters(province_id: int, agencies: frozenset[int] | None, sector: str, period: Period) -> int:
    """Counters of these agencies that serve the sector and were not closed before the period began."""
    query = (
        select(func.count(func.distinct(Counter.id)))
        .join(Counter.agency)
        .join(Counter.services)
        .where(
            Agency.province_id == province_id,
            Service.sector == sector,
            or_(Counter.closed_on.is_(None), Counter.closed_on >= period.first_day),
        )
    )
    if agencies is not None:
        query = query.where(Counter.agency_id.in_(sorted(agencies)))
    return db.session.scalar(query) or 0


def fetch_overdue(
    province_id: int, months: Sequence[str], agencies: frozenset[int] | None, services: frozenset[int]
) -> tuple[int, int]:
    """(overdue, all) dossiers of the caseloads that say how many were overdue."""
    query = (
        select(func.sum(Caseload.overdue), func.sum(Caseload.count))
        .join(Agency, Agency.id == Caseload.agency_id)
        .where(
            Agency.province_id == province_id,
            Caseload.month.in_(months),
            Caseload.service_id.in_(sorted(services)),
            Caseload.overdue.is_not(None),
        )
    )
    if agencies is not None:
        query = query.where(Caseload.agency_id.in_(sorted(agencies)))
    overdue, count = db.session.execute(query).one()
    return int(overdue or 0), int(count or 0)
