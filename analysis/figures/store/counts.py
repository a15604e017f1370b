"""How often each rating was given per day of an agency: what figures are made from, whoever counted.

At home it is put together from the aggregates of an agency's months; where a country is counted, an engine's cells
stand in their place (`CountStore`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from sqlalchemy import func, select

from analysis.figures.codebook import RECORD, VALUES, codebook
from analysis.figures.rating_queries import TOLD_CHANNELS, RatingCells, RatingScope, conditions, fetch_rating_cells
from analysis.figures.store.aggregates import MonthAggregate, fetch_aggregates
from analysis.periods.released import EVERYTHING
from analysis.statistics.cells.grouping import Ints, total_by
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.storage.database import db
from survey.responses.models import Rating

Columns = NDArray[Any] | Mapping[str, NDArray[Any]]  # of RECORD, by name
STORE = "count_store"  # the extension of an application whose counts come from elsewhere than its database


class Counts(Protocol):
    """What answers of one agency, or of several, in a scope add up to."""

    @property
    def state(self) -> State | None:
        """The same for the same counts, at any time; None where these counts stand for nothing lasting."""
        ...

    def cells(self, dimension: str | None, *, means: bool = False) -> RatingCells:
        """As cells; `dimension` is ``channel``, ``counter`` (its labels are ids) or None.

        `means`: with the sums a mean rating needs.
        """
        ...


class CountStore(Protocol):
    """Where counts come from."""

    def counts(self, scope: RatingScope) -> Sequence[Counts]:
        """The counts of a scope, no agency in two of them, the agencies in the order of their ids."""
        ...


def fetch_counts(scope: RatingScope) -> Sequence[Counts]:
    """The counts of a scope from this application's store: an agency each from its database, unless it has another."""
    store: CountStore | None = current_app.extensions.get(STORE)
    return fetch_agency_counts(scope) if store is None else store.counts(scope)


@dataclass(frozen=True, eq=False)
class AgencyCounts:
    """What one agency's answers in a scope add up to; nothing is put together before it is asked for."""

    agency_id: int
    scope: RatingScope
    aggregates: Sequence[MonthAggregate]
    lasting_scope: RatingScope  # without what differs from day to day and from reader to reader: agencies, and the gate

    @cached_property
    def state(self) -> State | None:
        """The same for the same counts, at any time; None where these counts stand for nothing lasting."""
        states = tuple(aggregate.state for aggregate in self.aggregates)
        if None in states:
            return None
        months = tuple(aggregate.month for aggregate in self.aggregates)
        return State((self.lasting_scope, self.agency_id), (months, states, codebook().version))

    def value_counts(self) -> dict[int, int]:
        """How many respondents gave each value 1-5."""
        _agency, _month, records = _narrowed([self])
        totals = records["counts"].sum(axis=0, dtype=np.int64).tolist()
        return {value: count for value, count in zip(VALUES, totals, strict=True) if count}

    def cells(self, dimension: str | None, *, means: bool = False) -> RatingCells:
        """See `Counts`."""
        cells, _lengths = read_together([self], dimension, means=means)
        return cells


@dataclass(frozen=True, eq=False)
class RatingsOfScope:
    """The `Counts` of what no sums are kept of, detailed questions and languages: read from the ratings themselves."""

    scope: RatingScope

    @property
    def state(self) -> State | None:
        """Nothing of it is kept."""
        return None

    def cells(self, dimension: str | None, *, means: bool = False) -> RatingCells:
        """See `Counts`."""
        return fetch_rating_cells(self.scope, dimension=dimension)


def read_together(
    counts: Sequence[AgencyCounts], dimension: str | None, *, means: bool = False
) -> tuple[RatingCells, Sequence[int]]:
    """The cells of several agencies of one scope, one agency's after the other's, and how many are whose."""
    agency, month, records = _narrowed(counts)
    ids = np.array([count.agency_id for count in counts], dtype=np.int64)
    cells = cells_of(counts[0].scope.months, ids[agency], month, records, dimension, means=means)
    return cells, np.bincount(agency, minlength=len(counts)).tolist()


def _narrowed(counts: Sequence[AgencyCounts]) -> tuple[Ints, Ints, NDArray[Any]]:
    """Of each record its agency's place in `counts`, its month's place in the scope's months, and the record."""
    scope = counts[0].scope
    places = {month: place for place, month in enumerate(scope.months)}
    aggregates = [(place, aggregate) for place, count in enumerate(counts) for aggregate in count.aggregates]
    lengths = [len(aggregate.records) // RECORD.itemsize for _place, aggregate in aggregates]
    agency = np.repeat(np.array([place for place, _aggregate in aggregates], dtype=np.int64), lengths)
    month = np.repeat(np.array([places[month] for _place, (month, *_) in aggregates], dtype=np.int64), lengths)
    records = np.frombuffer(b"".join([aggregate.records for _place, aggregate in aggregates]), dtype=RECORD)
    keep = inside(scope, month, records)
    return (agency, month, records) if keep.all() else (agency[keep], month[keep], records[keep])


def fetch_agency_counts(scope: RatingScope) -> list[AgencyCounts]:
    """The counts of each agency of a scope that ever had an answer in it, by id."""
    lasting = replace(scope, agency_ids=None, released=EVERYTHING)
    return [AgencyCounts(id_, scope, aggregates, lasting) for id_, aggregates in fetch_aggregates(scope).items()]


def fetch_answers_by_agency(scope: RatingScope) -> dict[int, int]:
    """How many answers each agency of a scope has that has any."""
    counts = fetch_agency_counts(scope)
    if not counts:
        return {}
    agency, _month, records = _narrowed(counts)
    totals = total_by(agency, records["counts"].sum(axis=1), len(counts)).astype(int).tolist()
    return {count.agency_id: total for count, total in zip(counts, totals, strict=True) if total}


_VALUES: WeightedLru[dict[int, int]] = WeightedLru(20_000, lambda _: 1)  # some 20 MB at most


def fetch_value_counts(scope: RatingScope) -> dict[int, int]:
    """How many respondents gave each value 1-5."""
    if scope.languages is not None:  # no sum is kept by language
        query = select(Rating.value, func.count()).where(*conditions(scope)).group_by(Rating.value)
        return {value: count for value, count in db.session.execute(query)}  # noqa: C416 - rows are no pairs
    totals: Counter[int] = Counter()
    for agency_count in fetch_agency_counts(scope):
        totals.update(_VALUES.get_in(agency_count.state, agency_count.value_counts))
    return dict(sorted(totals.items()))


def cells_of(
    months: tuple[str, ...],
    agency: Ints,
    month: Ints,
    records: Columns,
    dimension: str | None,
    *,
    means: bool = False,
) -> RatingCells:
    """Cells (K,) from counts: agencies by id, places in `months`, the columns of RECORD."""
    counts = records["counts"].astype(np.int64)
    values = np.array(VALUES)
    satisfied = counts[:, 3] + counts[:, 4]
    sums = {"responses": counts[:, 0] + counts[:, 1] + counts[:, 2] + satisfied, "satisfied": satisfied}
    if means:
        sums |= {"ratings": counts @ values, "squares": counts @ values**2}
    channel = records["channel"].astype(np.int64)
    for name, channels in TOLD_CHANNELS.items():
        told = np.isin(channel, _places_of(channels, codebook().channels))
        sums[name] = np.where(told, sums["responses"], 0)
    places = np.zeros_like(channel)
    labels: tuple[str, ...] = ("",)
    if dimension == "channel":
        places, labels = channel, codebook().channels
    elif dimension == "counter":
        ids, places = np.unique(records["counter"], return_inverse=True)
        labels = tuple(map(str, ids.tolist()))
    return RatingCells(
        months=months,
        agency=agency,
        month=month,
        dimension=places,
        labels=labels,
        kinds=codebook().kinds,
        sums=sums,
        **{name: records[name].astype(np.int64) for name in ("service", "kind", "counter", "day")},
    )


def inside(scope: RatingScope, month: Ints, records: Columns) -> NDArray[np.bool_]:
    """Which records the scope does not leave out; of months and agencies it is not asked."""
    keep, codes = np.ones(len(month), dtype=bool), codebook()
    if scope.service_ids is not None:
        keep &= np.isin(records["service"], sorted(scope.service_ids))
    if scope.counter_ids is not None:
        keep &= np.isin(records["counter"], sorted(scope.counter_ids))
    if scope.respondent_kinds is not None:
        keep &= np.isin(records["kind"], _places_of(scope.respondent_kinds, codes.kinds))
    if scope.channels is not None:
        keep &= np.isin(records["channel"], _places_of(scope.channels, codes.channels))
    if scope.since is not None:
        keep &= _places(scope, month, records) >= _place(scope.since)
    if scope.until is not None:
        keep &= _places(scope, month, records) <= _place(scope.until)
    return keep


def _places_of(wanted: frozenset[str], codes: Sequence[str]) -> list[int]:
    return [place for place, code in enumerate(codes) if code in wanted]


def _place(day: dt.date) -> int:
    """A number that grows with the days."""
    return (day.year * 12 + day.month) * 32 + day.day


def _places(scope: RatingScope, month: Ints, records: Columns) -> NDArray[np.int64]:
    """That number of each record's day (K,)."""
    months = np.array([_place(dt.date.fromisoformat(f"{month}-01")) - 1 for month in scope.months], dtype=np.int64)
    places: NDArray[np.int64] = months[month] + records["day"]
    return places
