"""The cases that citizens' comments became: how many came, were answered, and in time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import or_, select

from analysis.periods.release_gate import fetch_released
from survey.feedback.models import FeedbackCase
from survey.foundation.clock import local_day, start_of_day, today
from survey.foundation.database import db
from survey.responses.models import Response


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
    """The cases of a scope; answers given after its last day do not count yet.

    Nor does a case whose answer could not be told then: whoever saw a citizen write would know of it.
    """
    end = start_of_day(scope.last + dt.timedelta(days=1))
    within = [
        FeedbackCase.province_id == scope.province_id,
        FeedbackCase.sector.in_(scope.sectors),
        FeedbackCase.opened_at >= start_of_day(scope.first),
        FeedbackCase.opened_at < end,
    ]
    if scope.agencies is not None:
        within.append(FeedbackCase.agency_id.in_(scope.agencies))
    months = select(Response.month).join(FeedbackCase, FeedbackCase.response_id == Response.id).where(*within)
    asked = tuple(sorted(db.session.scalars(months.distinct())))
    held = fetch_released(scope.province_id, asked, min(end, start_of_day(today()))).held_back(Response, asked)
    query = (
        select(FeedbackCase.answered_at, FeedbackCase.due_on)
        .outerjoin(FeedbackCase.response)
        .where(*within, or_(FeedbackCase.response_id.is_(None), ~held))
    )
    rows = [(at if at is not None and at < end else None, due) for at, due in db.session.execute(query)]
    answered = [(at, due) for at, due in rows if at is not None]
    return CaseCounts(
        opened=len(rows),
        answered=len(answered),
        in_time=sum(local_day(at) <= due for at, due in answered),
        overdue=sum(at is None and due < scope.last for at, due in rows),
    )
