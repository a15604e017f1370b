"""What stands beside a verdict and is no figure of its own: counters and overdue dossiers. SQL only."""

from __future__ import annotations

from sqlalchemy import exists, func, or_, select

from analysis.figures.rating_queries import RatingScope, conditions, one_if
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Caseload, Counter, Service
from survey.responses.models import Rating, Response


def fetch_counters(scope: RatingScope, sector: str, period: Period) -> tuple[int, int]:
    """Counters that gave a rating of the scope, and all of its agencies that serve the sector.

    Not those closed before the period began. Each counter is asked for one response, by the index of counters and days.
    """
    gave = exists().where(
        Response.counter_id == Counter.id,
        Response.day.between(period.first_day, period.last_day),
        Rating.response_id == Response.id,
        *conditions(scope),
    )
    query = (
        select(func.coalesce(func.sum(one_if(gave)), 0), func.count())
        .select_from(Counter)
        .join(Counter.agency)
        .where(
            Agency.province_id == scope.province_id,
            Counter.services.any(Service.sector == sector),
            or_(Counter.closed_on.is_(None), Counter.closed_on >= period.first_day),
        )
    )
    if scope.agency_ids is not None:
        query = query.where(Counter.agency_id.in_(sorted(scope.agency_ids)))
    answered, serving = db.session.execute(query).one()
    return int(answered), int(serving)


@read_once
def fetch_overdue(
    province_id: int, months: tuple[str, ...], agencies: frozenset[int] | None, services: frozenset[int]
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
