"""The cases of a span as they stood at its end: SQL only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true

from analysis.periods.release_gate import fetch_released
from analysis.statistics.case_ratios import HandledCase
from survey.feedback.models import CLOSED, WAITING, FeedbackCase, FeedbackStep
from survey.foundation.clock import local_day, start_of_day, today
from survey.foundation.storage.database import db
from survey.responses.dropped_words import has_all_words
from survey.responses.models import Response


@dataclass(frozen=True)
class CaseScope:
    """Cases opened from one day to another, as they stood at the end of the later; `agencies` None: all.

    `reach`: only what its reader reaches (survey.feedback.reach_queries); None: all.
    """

    province_id: int
    sectors: tuple[str, ...]
    first: dt.date
    last: dt.date
    agencies: frozenset[int] | None = None
    reach: ColumnElement[bool] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether none of its cases was dropped for its age."""
        return has_all_words(self.first)


@dataclass(frozen=True)
class FoundCase:
    """A case with what it is counted by."""

    kind: str
    agency_id: int
    sector: str
    handled: HandledCase


def fetch_case_rows(scope: CaseScope) -> list[FoundCase]:
    """The cases of a scope; what happened after its last day does not count yet.

    Nor does a case whose answer could not be told then: whoever saw a citizen write would know of it. None is given
    where some were dropped for their age: the rest would be told as if it were all.
    """
    if not scope.is_whole:
        return []
    end = start_of_day(scope.last + dt.timedelta(days=1))
    within = _within(scope, end)
    told = or_(FeedbackCase.response_id.is_(None), ~_held(scope, end, within))
    query = select(FeedbackCase).outerjoin(FeedbackCase.response).where(*within, told)
    cases = list(db.session.scalars(query))
    verdicts = _verdicts(end, within)
    return [
        FoundCase(case.kind, case.agency_id, case.sector, _handled(case, scope.last, end, verdicts[case.id]))
        for case in cases
    ]


def _within(scope: CaseScope, end: dt.datetime) -> list[ColumnElement[bool]]:
    conditions = [
        FeedbackCase.province_id == scope.province_id,
        FeedbackCase.sector.in_(scope.sectors),
        FeedbackCase.opened_at >= start_of_day(scope.first),
        FeedbackCase.opened_at < end,
        true() if scope.reach is None else scope.reach,
    ]
    if scope.agencies is not None:
        conditions.append(FeedbackCase.agency_id.in_(scope.agencies))
    return conditions


def _held(scope: CaseScope, end: dt.datetime, within: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    months = select(Response.month).join(FeedbackCase, FeedbackCase.response_id == Response.id).where(*within)
    asked = tuple(sorted(db.session.scalars(months.distinct())))
    return fetch_released(scope.province_id, asked, min(end, start_of_day(today()))).held_back(Response, asked)


def _verdicts(end: dt.datetime, within: list[ColumnElement[bool]]) -> dict[int, set[str]]:
    """What the holders of codes said before an instant, by case."""
    said: dict[int, set[str]] = defaultdict(set)
    cases = select(FeedbackCase.id).outerjoin(FeedbackCase.response).where(*within)
    query = select(FeedbackStep.case_id, FeedbackStep.step).where(
        FeedbackStep.case_id.in_(cases),
        FeedbackStep.step.in_(("helped", "not_helped", "reopened")),
        FeedbackStep.at < end,
    )
    for case_id, step in db.session.execute(query):
        said[case_id].add(step)
    return said


def _handled(case: Any, last: dt.date, end: dt.datetime, said: set[str]) -> HandledCase:
    again = "reopened" in said and case.state in WAITING
    at = case.answered_at or (case.closed_at if case.state == CLOSED else None)
    answered = at is not None and at < end and not again
    late = case.was_late or local_day(at) > case.due_on if answered and at else case.due_on < last
    return HandledCase(
        redirected=(case.redirected or case.set_apart) and case.closed_at is not None and case.closed_at < end,
        answered=answered,
        late=late,
        helped=True if "helped" in said else False if {"not_helped", "reopened"} & said else None,
        reopened="reopened" in said,
    )
