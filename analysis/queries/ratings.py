"""Ratings grouped to cells: agency x service x respondent kind x counter-day, and one more dimension where asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, select

from survey.foundation.database import db
from survey.foundation.vocabulary import SATISFIED
from survey.responses.models import Rating

DIMENSIONS = {"channel": Rating.channel, "language": Rating.language}


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which ratings: one subject in a province over months, narrowed where a set is given."""

    province_id: int
    subject: str
    months: tuple[str, ...]
    agency_ids: frozenset[int] | None = None
    service_ids: frozenset[int] | None = None
    respondent_kinds: frozenset[str] | None = None
    channels: frozenset[str] | None = None
    received_before: dt.datetime | None = None
    until: dt.date | None = None  # the last day that counts (a cut-off before the period ends)


@dataclass(frozen=True, slots=True)
class RatingCell:
    """Ratings of one agency x service x kind x counter-day (x dimension): how many, how many 4-5, and sums.

    `ratings` and `squares` sum the values and their squares; `items_*` sum the detailed items of these respondents.
    """

    agency_id: int
    service_id: int | None
    respondent_kind: str
    counter_id: int | None
    day: dt.date
    dimension: str
    responses: int
    satisfied: int
    ratings: int
    squares: int
    all_satisfied: int
    items_satisfied: int
    items_answered: int
    items_satisfied_squares: int
    items_products: int
    items_answered_squares: int


def fetch_rating_cells(scope: Scope, *, dimension: str | None = None, detailed: bool = False) -> list[RatingCell]:
    """The cells of a scope in a fixed order.

    `dimension` is ``channel`` or ``language`` or None; `detailed` also sums what the methods beside top2 need.
    """
    groups: list[Any] = [Rating.agency_id, Rating.service_id, Rating.respondent_kind, Rating.counter_id, Rating.day]
    extra = DIMENSIONS[dimension] if dimension else literal("")
    columns = [*groups, extra, func.count(), func.sum(_one_if(Rating.value >= SATISFIED)), *_sums(detailed)]
    if dimension:
        groups.append(DIMENSIONS[dimension])
    query = select(*columns).where(*_conditions(scope)).group_by(*groups).order_by(*groups)
    return [RatingCell(*row) for row in db.session.execute(query)]


def fetch_months(scope: Scope) -> list[tuple[int, str]]:
    """(agency, month) pairs that have ratings in the scope: the months in which an agency was asking."""
    query = select(Rating.agency_id, Rating.month).where(*_conditions(scope)).distinct()
    return [(agency_id, month) for agency_id, month in db.session.execute(query)]


def fetch_value_counts(scope: Scope) -> dict[int, int]:
    """How many respondents gave each value 1-5."""
    query = select(Rating.value, func.count()).where(*_conditions(scope)).group_by(Rating.value)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _conditions(scope: Scope) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Rating.province_id == scope.province_id,
        Rating.subject == scope.subject,
        Rating.month.in_(scope.months),
    ]
    if scope.agency_ids is not None:
        conditions.append(Rating.agency_id.in_(sorted(scope.agency_ids)))
    if scope.service_ids is not None:
        conditions.append(Rating.service_id.in_(sorted(scope.service_ids)))
    if scope.respondent_kinds is not None:
        conditions.append(Rating.respondent_kind.in_(sorted(scope.respondent_kinds)))
    if scope.channels is not None:
        conditions.append(Rating.channel.in_(sorted(scope.channels)))
    if scope.received_before is not None:
        conditions.append(Rating.received_at < scope.received_before)
    if scope.until is not None:
        conditions.append(Rating.day <= scope.until)
    return conditions


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _sums(detailed: bool) -> list[ColumnElement[Any]]:
    if not detailed:
        return [literal(0)] * 8
    value, answered, good = Rating.value, Rating.items_answered, Rating.items_satisfied
    return [
        func.sum(value),
        func.sum(value * value),
        func.sum(_one_if((value >= SATISFIED) & (good == answered))),
        func.sum(good),
        func.sum(answered),
        func.sum(good * good),
        func.sum(good * answered),
        func.sum(answered * answered),
    ]
