"""The cases that citizens' comments became: how many came, were answered, and in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from survey.feedback.models import FeedbackCase
from survey.foundation.clock import local_day, start_of_day
from survey.foundation.database import db


@dataclass(frozen=True)
class CaseScope:
    """Cases opened from one day to another, as they stood at the end of the later; `agencies` None: all."""

    province_id: int
    sectors: tuple[str, ...]
    first: dt.date
    last: dt.date
    agencies: frozenset[int] | None = None


@dataclass(frozen=True)
class CaseCounts:
    """`opened` in the period; of these `answered`, `in_time` by the promised day, and `overdue` without an answer."""

    opened: int
    answered: int
    in_time: int
    overdue: int


def count_cases(scope: CaseScope) -> CaseCounts:
    """The cases of a scope; answers given after its last day do not count yet."""
    end = start_of_day(scope.last + dt.timedelta(days=1))
    query = select(FeedbackCase.answered_at, FeedbackCase.due_on).where(
        FeedbackCase.province_id == scope.province_id,
        FeedbackCase.sector.in_(scope.sectors),
        FeedbackCase.opened_at >= start_of_day(scope.first),
        FeedbackCase.opened_at < end,
    )
    if scope.agencies is not None:
        query = query.where(FeedbackCase.agency_id.in_(scope.agencies))
    rows = [(at if at is not None and at < end else None, due) for at, due in db.session.execute(query)]
    answered = [(at, due) for at, due in rows if at is not None]
    return CaseCounts(
        opened=len(rows),
        answered=len(answered),
        in_time=sum(local_day(at) <= due for at, due in answered),
        overdue=sum(at is None and due < scope.last for at, due in rows),
    )
