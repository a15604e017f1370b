"""Ratings as cells: agency x service x respondent kind x day (x one more dimension), in columns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Integer, String, case, cast, func, literal, select

from analysis.figures.codebook import codebook
from analysis.figures.quarters import quarters_of
from analysis.periods.released import EVERYTHING, Released
from analysis.statistics.cells.grouping import Floats, Ints, compress, total_by
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SATISFIED, SCALE, VERIFIED_CHANNELS
from survey.responses.models import Rating, Response

DIMENSIONS: dict[str, ColumnElement[str]] = {
    "channel": Rating.channel.expression,
    "counter": cast(func.coalesce(Rating.counter_id, 0), String),
    "language": Rating.language.expression,
}
# Whose number stands beside a figure: one answer a dossier, and interviews of those who were drawn.
TOLD_CHANNELS = {"verified": VERIFIED_CHANNELS, "by_phone": frozenset({"phone"})}
DETAILS = (
    "ratings",
    "squares",
    "products",
    "all_satisfied",
    "items_satisfied",
    "items_answered",
    "items_satisfied_squares",
    "items_products",
    "items_answered_squares",
)


@dataclass(frozen=True, kw_only=True)
class RatingScope:
    """Which ratings: one subject in a province over months, narrowed where a set is given (service 0: none named)."""

    province_id: int
    subject: str
    months: tuple[str, ...]
    agency_ids: frozenset[int] | None = None
    service_ids: frozenset[int] | None = None
    counter_ids: frozenset[int] | None = None
    respondent_kinds: frozenset[str] | None = None
    channels: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    released: Released = EVERYTHING  # which answers may be told: analysis.periods.release_gate
    items: tuple[str, ...] = ()  # detailed questions: those who answered none of them are left out
    rated_items: bool = False  # those who answered no detailed question at all are left out
    since: dt.date | None = None  # the first day that counts (of a span that begins inside a month)
    until: dt.date | None = None  # the last day that counts (a cut-off before the period ends)


class RatingGroup(NamedTuple):
    """The ratings of one agency x service x kind x quarter; `service_id` is None where none was named.

    `quarter` is '' in a period of up to three months.
    """

    agency_id: int
    service_id: int | None
    respondent_kind: str
    responses: int
    quarter: str = ""


@dataclass(frozen=True, eq=False)
class RatingCells:
    """K cells in columns, each (K,): ids (0: none), `kind` a place in `kinds`, `month` a place in `months`, `day` 1-31.

    `dimension` is a place in `labels`. `sums`: `responses`, `satisfied` (rated 4-5), those by the
    channels of TOLD_CHANNELS, and what methods beside top2 need (DETAILS: sums of the values, their squares and their
    products with how many questions they answer, and of the detailed items of these respondents). No two cells differ
    in their sums alone, but two may differ in nothing a breakdown looks at.
    """

    months: tuple[str, ...]
    kinds: tuple[str, ...]
    agency: Ints
    service: Ints
    kind: Ints
    counter: Ints
    month: Ints
    day: Ints
    dimension: Ints
    labels: tuple[str, ...]
    sums: dict[str, Ints | Floats] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.agency)

    def grouped(self) -> tuple[list[RatingGroup], Ints]:
        """The groups with an answer, in order, and the group of each cell."""
        agency, service = compress(self.agency), compress(self.service)
        names = quarters_of(self.months)
        quarters = sorted(set(names))
        quarter = np.array([quarters.index(name) for name in names], dtype=np.int64)[self.month]
        key = (agency.codes * max(service.size, 1) + service.codes) * len(self.kinds) + self.kind
        codes, size, first = compress(key * len(quarters) + quarter)
        count = total_by(codes, self.sums["responses"], size).astype(np.int64)
        columns = (self.agency[first], self.service[first], self.kind[first], count, quarter[first])
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [RatingGroup(a, s or None, self.kinds[k], n, quarters[q]) for a, s, k, n, q in rows], codes

    def asking(self) -> dict[int, frozenset[str]]:
        """The months in which each agency has answers."""
        agency = compress(self.agency)
        _codes, _size, first = compress(agency.codes * len(self.months) + self.month)
        months_of: dict[int, set[str]] = defaultdict(set)
        for agency_id, month in zip(self.agency[first].tolist(), self.month[first].tolist(), strict=True):
            months_of[agency_id].add(self.months[month])
        return {agency_id: frozenset(months) for agency_id, months in months_of.items()}


def fetch_rating_cells(scope: RatingScope, *, dimension: str | None = None) -> RatingCells:
    """The cells of a scope read from the ratings themselves, with everything any method needs.

    `dimension` is one of DIMENSIONS or None. Where the scope names `items`, they are what counts:
    `satisfied` are those whose every answer to one of them was 4 or 5, a respondent's value is the sum of them.
    """
    kinds = codebook().kinds
    kind = case({name: place for place, name in enumerate(kinds)}, value=Rating.respondent_kind)
    month = case({name: place for place, name in enumerate(scope.months)}, value=Rating.month)
    columns: list[Any] = [Rating.agency_id, func.coalesce(Rating.service_id, 0), kind]
    columns += [func.coalesce(Rating.counter_id, 0), month, day_of_month(Rating.day)]
    answered, good = answers_to(scope.items)
    satisfied = good == answered if scope.items else Rating.value >= SATISFIED
    columns += [func.count(), func.sum(one_if(satisfied)), *_TOLD, *_details(scope.items, answered, good)]
    groups: list[Any] = [Rating.month, Rating.agency_id, Rating.service_id, Rating.respondent_kind]
    groups += [Rating.counter_id, Rating.day]
    extra = DIMENSIONS[dimension] if dimension else literal("")
    groups += [extra] if dimension else []
    query = select(extra, *columns).where(*conditions(scope)).group_by(*groups).order_by(*groups)
    if scope.items:
        query = query.join(Response, Response.id == Rating.response_id).where(answered > 0)
    rows = db.session.execute(query).all()
    names = tuple(sorted({row[0] for row in rows}))
    place = {name: code for code, name in enumerate(names)}
    named = ("dimension", "agency", "service", "kind", "counter", "month", "day")
    table = np.array([[place[row[0]], *map(int, row[1:])] for row in rows], dtype=np.int64)
    table = table.reshape(len(rows), len(named) + 2 + len(TOLD_CHANNELS) + len(DETAILS))
    sums = dict(zip(("responses", "satisfied", *TOLD_CHANNELS, *DETAILS), table.T[len(named) :], strict=True))
    columns_of = dict(zip(named, table.T, strict=False))
    return RatingCells(months=scope.months, kinds=kinds, labels=names, sums=sums, **columns_of)


def conditions(scope: RatingScope, *, by_response: bool = False) -> list[ColumnElement[bool]]:
    """What holds of a scope's ratings.

    `by_response`: they are named by their responses, which are few; SQLite, which does not know that, would otherwise
    look through all ratings of the scope.
    """
    clauses: list[ColumnElement[bool]] = [
        (Rating.province_id + 0 if by_response else Rating.province_id) == scope.province_id,
        Rating.subject == scope.subject,
        Rating.month.in_(scope.months),
    ]
    if scope.agency_ids is not None:
        clauses.append(Rating.agency_id.in_(sorted(scope.agency_ids)))
    if scope.service_ids is not None:
        none_too = 0 in scope.service_ids
        named = func.coalesce(Rating.service_id, 0) if none_too else Rating.service_id.expression
        clauses.append(named.in_(sorted(scope.service_ids)))
    narrowed: list[tuple[Any, frozenset[Any] | None]] = [
        (Rating.counter_id, scope.counter_ids),
        (Rating.respondent_kind, scope.respondent_kinds),
        (Rating.channel, scope.channels),
        (Rating.language, scope.languages),
    ]
    clauses += [column.in_(sorted(values)) for column, values in narrowed if values is not None]
    if scope.released.before is not None:
        clauses.append(scope.released.told(Rating))
    if scope.rated_items:
        clauses.append(Rating.items_answered > 0)
    if scope.since is not None:
        clauses.append(Rating.day >= scope.since)
    if scope.until is not None:
        clauses.append(Rating.day <= scope.until)
    return clauses


def day_of_month(day: Any) -> ColumnElement[int]:
    """1-31, as a number the database makes: thousands of dates need not become objects."""
    return cast(func.substr(cast(day, String), 9, 2), Integer)


def one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where it holds, 0 elsewhere."""
    return case((condition, 1), else_=0)


_TOLD = [func.sum(one_if(Rating.channel.in_(sorted(channels)))) for channels in TOLD_CHANNELS.values()]


def answers_to(codes: tuple[str, ...]) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many of these questions (none named: all detailed ones) a respondent answered 1-5, and how many 4 or 5."""
    if not codes:
        return Rating.items_answered.expression, Rating.items_satisfied.expression
    values = [Response.answers[code].as_integer() for code in codes]
    zero: ColumnElement[int] = literal(0)
    answered = sum((one_if(value.between(min(SCALE), max(SCALE))) for value in values), start=zero)
    return answered, sum((one_if(value.between(SATISFIED, max(SCALE))) for value in values), start=zero)


def _points(codes: tuple[str, ...]) -> ColumnElement[int]:
    """The sum of a respondent's answers 1-5 to these questions."""
    values = [Response.answers[code].as_integer() for code in codes]
    rated = (case((value.between(min(SCALE), max(SCALE)), value), else_=0) for value in values)
    return sum(rated, start=literal(0))


def _details(
    codes: tuple[str, ...], answered: ColumnElement[int], good: ColumnElement[int]
) -> list[ColumnElement[Any]]:
    value: ColumnElement[int] = _points(codes) if codes else Rating.value.expression
    return [
        func.sum(value),
        func.sum(value * value),
        func.sum(value * answered),
        func.sum(one_if((Rating.value >= SATISFIED) & (good == answered))),
        func.sum(good),
        func.sum(answered),
        func.sum(good * good),
        func.sum(good * answered),
        func.sum(answered * answered),
    ]
