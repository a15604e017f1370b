"""Ratings as cells: agency x service x respondent kind x counter-day (x one more dimension), in columns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Integer, String, case, cast, func, literal, select

from analysis.statistics.grouping import Floats, Ints, compress, total_by
from survey.foundation.database import db
from survey.foundation.vocabulary import RESPONDENT_KINDS, SATISFIED, UNKNOWN_KIND
from survey.responses.models import Rating

DIMENSIONS = {"channel": Rating.channel, "language": Rating.language}
KINDS = (*RESPONDENT_KINDS, UNKNOWN_KIND)  # a cell's `kind` is a place in this list
DETAILS = (
    "ratings",
    "squares",
    "all_satisfied",
    "items_satisfied",
    "items_answered",
    "items_satisfied_squares",
    "items_products",
    "items_answered_squares",
)


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
    languages: frozenset[str] | None = None
    received_before: dt.datetime | None = None
    since: dt.date | None = None  # the first day that counts (of a span that begins inside a month)
    until: dt.date | None = None  # the last day that counts (a cut-off before the period ends)


@dataclass(frozen=True, slots=True)
class RatingGroup:
    """The ratings of one agency x service x kind; `service_id` is None where none was named."""

    agency_id: int
    service_id: int | None
    respondent_kind: str
    responses: int


@dataclass(frozen=True, eq=False)
class RatingCells:
    """K cells in columns, each (K,): ids (0: none), `kind` a place in KINDS, `month` a place in `months`, `day` 1-31.

    `dimension` is a place in `labels`. `sums`: `responses`, `satisfied` (rated 4-5), and what methods beside top2 need
    (DETAILS: sums of the values and their squares, and of the detailed items of these respondents). No two cells differ
    in their sums alone, but two may differ in nothing a breakdown looks at.
    """

    months: tuple[str, ...]
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
        key = (agency.codes * max(service.size, 1) + service.codes) * len(KINDS) + self.kind
        codes, size, first = compress(key)
        count = total_by(codes, self.sums["responses"], size).astype(np.int64)
        columns = (self.agency[first], self.service[first], self.kind[first], count)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [RatingGroup(a, s or None, KINDS[k], n) for a, s, k, n in rows], codes

    def asking(self) -> dict[int, frozenset[str]]:
        """The months in which each agency has answers."""
        agency = compress(self.agency)
        _codes, _size, first = compress(agency.codes * len(self.months) + self.month)
        found: dict[int, set[str]] = defaultdict(set)
        for agency_id, month in zip(self.agency[first].tolist(), self.month[first].tolist(), strict=True):
            found[agency_id].add(self.months[month])
        return {agency_id: frozenset(months) for agency_id, months in found.items()}


def fetch_rating_cells(scope: Scope, *, dimension: str | None = None) -> RatingCells:
    """The cells of a scope read from the ratings themselves, with everything any method needs.

    `dimension` is ``channel`` or ``language`` or None.
    """
    kind = case({name: place for place, name in enumerate(KINDS)}, value=Rating.respondent_kind)
    month = case({name: place for place, name in enumerate(scope.months)}, value=Rating.month)
    columns: list[Any] = [Rating.agency_id, func.coalesce(Rating.service_id, 0), kind]
    columns += [func.coalesce(Rating.counter_id, 0), month, day_of_month()]
    columns += [func.count(), func.sum(one_if(Rating.value >= SATISFIED)), *_details()]
    groups: list[Any] = [Rating.month, Rating.agency_id, Rating.service_id, Rating.respondent_kind]
    groups += [Rating.counter_id, Rating.day]
    extra = DIMENSIONS[dimension] if dimension else literal("")
    groups += [extra] if dimension else []
    query = select(extra, *columns).where(*conditions(scope)).group_by(*groups).order_by(*groups)
    rows = db.session.execute(query).all()
    names = tuple(sorted({row[0] for row in rows}))
    place = {name: code for code, name in enumerate(names)}
    table = np.array([[place[row[0]], *map(int, row[1:])] for row in rows], dtype=np.int64).reshape(len(rows), -1)
    named = ("dimension", "agency", "service", "kind", "counter", "month", "day")
    if not len(rows):
        table = np.zeros((0, len(named) + 2 + len(DETAILS)), dtype=np.int64)
    sums = dict(zip(("responses", "satisfied", *DETAILS), table.T[len(named) :], strict=True))
    return RatingCells(months=scope.months, labels=names, sums=sums, **dict(zip(named, table.T, strict=False)))


def conditions(scope: Scope) -> list[ColumnElement[bool]]:
    """What holds of a scope's ratings."""
    found: list[ColumnElement[bool]] = [
        Rating.province_id == scope.province_id,
        Rating.subject == scope.subject,
        Rating.month.in_(scope.months),
    ]
    if scope.agency_ids is not None:
        found.append(Rating.agency_id.in_(sorted(scope.agency_ids)))
    if scope.service_ids is not None:
        found.append(Rating.service_id.in_(sorted(scope.service_ids)))
    if scope.respondent_kinds is not None:
        found.append(Rating.respondent_kind.in_(sorted(scope.respondent_kinds)))
    if scope.channels is not None:
        found.append(Rating.channel.in_(sorted(scope.channels)))
    if scope.languages is not None:
        found.append(Rating.language.in_(sorted(scope.languages)))
    if scope.received_before is not None:
        found.append(Rating.received_at < scope.received_before)
    if scope.since is not None:
        found.append(Rating.day >= scope.since)
    if scope.until is not None:
        found.append(Rating.day <= scope.until)
    return found


def day_of_month() -> ColumnElement[int]:
    """1-31, as a number the database makes: thousands of dates need not become objects."""
    return cast(func.substr(cast(Rating.day, String), 9, 2), Integer)


def one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where it holds, 0 elsewhere."""
    return case((condition, 1), else_=0)


def _details() -> list[ColumnElement[Any]]:
    value, answered, good = Rating.value, Rating.items_answered, Rating.items_satisfied
    return [
        func.sum(value),
        func.sum(value * value),
        func.sum(one_if((value >= SATISFIED) & (good == answered))),
        func.sum(good),
        func.sum(answered),
        func.sum(good * good),
        func.sum(good * answered),
        func.sum(answered * answered),
    ]
