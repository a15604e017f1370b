"""How many answers came that no figure tells yet: what an empty page says instead of "none". SQL only."""

from __future__ import annotations

from sqlalchemy import func, select

from analysis.periods.release_gate import fetch_released
from analysis.presentation.scope import Scope
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.responses.models import Response


def count_waiting(scope: Scope, period: Period) -> int:
    """Answers of a scope in a period that the release gate holds back; how many came may always be told."""
    months = tuple(period.months)
    released = fetch_released(scope.province.id, months)
    query = (
        select(func.count())
        .select_from(Response)
        .where(Response.province_id == scope.province.id, released.held_back(Response, months))
    )
    if scope.sector is not None:
        query = query.where(Response.sector == scope.sector)
    if scope.agencies is not None:
        query = query.where(Response.agency_id.in_(sorted(scope.agencies)))
    return db.session.scalar(query) or 0
