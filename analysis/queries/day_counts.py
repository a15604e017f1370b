"""How often each rating was given per counter-day, from kept sums where these are true, from the ratings elsewhere.

A month of an agency is kept as one piece of bytes beside the stamp its `RatingMark` bore. The mark changes with every
change to the ratings, whoever made it; a piece with another stamp is never used. So no figure depends on a job having
run: `flask analysis sums` only makes reading quick.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, func, select

from analysis.queries.models import RatingSums
from analysis.queries.ratings import KINDS, RatingCells, Scope, conditions, day_of_month, one_if
from survey.foundation.database import db
from survey.foundation.vocabulary import CHANNELS, SCALE
from survey.responses.models import Rating, RatingMark

VALUES = tuple(sorted(SCALE))  # 1-5
CHANNEL_CODES = tuple(sorted(CHANNELS))
# `counts`: how many gave each value; ids are 0 where none; `kind` and `channel` are places in the lists above.
RECORD = np.dtype(
    [("service", "<i4"), ("kind", "u1"), ("counter", "<i4"), ("day", "u1"), ("channel", "u1"), ("counts", "<u4", (5,))]
)
Records = NDArray[Any]
Place = tuple[int, str]  # agency, month


class Mark(NamedTuple):
    """The stamp of an agency's month, and an instant not before its last rating was received."""

    stamp: int
    latest: dt.datetime


@dataclass(frozen=True, eq=False)
class DayCounts:
    """Records with the agency (K,) and the month's place in `months` (K,) of each."""

    months: tuple[str, ...]
    agency: NDArray[np.int64]
    month: NDArray[np.int64]
    records: Records

    def value_counts(self) -> dict[int, int]:
        """How many respondents gave each value 1-5."""
        totals = self.records["counts"].sum(axis=0, dtype=np.int64).tolist()
        return {value: count for value, count in zip(VALUES, totals, strict=True) if count}

    def cells(self, dimension: str | None) -> RatingCells:
        """As cells; `dimension` is ``channel`` or None."""
        counts = self.records["counts"].astype(np.int64)
        values = np.array(VALUES)
        sums = {
            "responses": counts.sum(axis=1),
            "satisfied": counts[:, 3:].sum(axis=1),
            "ratings": counts @ values,
            "squares": counts @ values**2,
        }
        names = ("service", "kind", "counter", "day")
        channel = self.records["channel"].astype(np.int64)
        return RatingCells(
            months=self.months,
            agency=self.agency,
            month=self.month,
            dimension=channel if dimension else np.zeros_like(channel),
            labels=CHANNEL_CODES if dimension else ("",),
            sums=sums,
            **{name: self.records[name].astype(np.int64) for name in names},
        )


def fetch_day_counts(scope: Scope) -> DayCounts:
    """The counts of a scope."""
    marks = fetch_marks(scope)
    before = scope.received_before
    whole = {place: mark for place, mark in marks.items() if before is None or mark.latest < before}
    pieces = [*_fetch_kept(scope, whole)]
    have = {place for place, _records in pieces}
    for month, agencies in sorted(_by_month(marks.keys() - have).items()):
        everyone = len(agencies) == len(marks) and scope.agency_ids is None
        pieces += fetch_from_ratings(scope, month, None if everyone else agencies)
    pieces.sort(key=lambda piece: (piece[0][1], piece[0][0]))
    return _narrowed(_joined(scope.months, pieces), scope)


def fetch_value_counts(scope: Scope) -> dict[int, int]:
    """How many respondents gave each value 1-5."""
    if scope.languages is not None:  # no sum is kept by language
        query = select(Rating.value, func.count()).where(*conditions(scope)).group_by(Rating.value)
        return {value: count for value, count in db.session.execute(query)}  # noqa: C416 - rows are no pairs
    return fetch_day_counts(scope).value_counts()


def fetch_marks(scope: Scope) -> dict[Place, Mark]:
    """The mark of every agency's month in the scope that ever had a rating."""
    query = select(RatingMark.agency_id, RatingMark.month, RatingMark.stamp, RatingMark.latest).where(
        RatingMark.province_id == scope.province_id, RatingMark.month.in_(scope.months)
    )
    if scope.agency_ids is not None:
        query = query.where(RatingMark.agency_id.in_(sorted(scope.agency_ids)))
    return {(agency, month): Mark(stamp, latest) for agency, month, stamp, latest in db.session.execute(query)}


def _fetch_kept(scope: Scope, marks: Mapping[Place, Mark]) -> Iterator[tuple[Place, Records]]:
    query = select(RatingSums.agency_id, RatingSums.month, RatingSums.stamp, RatingSums.sums).where(
        RatingSums.province_id == scope.province_id,
        RatingSums.subject == scope.subject,
        RatingSums.month.in_(scope.months),
    )
    if scope.agency_ids is not None:
        query = query.where(RatingSums.agency_id.in_(sorted(scope.agency_ids)))
    for agency, month, stamp, sums in db.session.execute(query):
        mark = marks.get((agency, month))
        if mark is not None and mark.stamp == stamp:
            yield (agency, month), np.frombuffer(sums, dtype=RECORD)


def fetch_from_ratings(scope: Scope, month: str, agencies: Collection[int] | None) -> list[tuple[Place, Records]]:
    """One month's counts read from the ratings themselves, an agency a piece; only its received_before narrows them."""
    asked = Scope(
        province_id=scope.province_id,
        subject=scope.subject,
        months=(month,),
        agency_ids=None if agencies is None else frozenset(agencies),
        received_before=scope.received_before,
    )
    key = (Rating.agency_id, Rating.service_id, Rating.respondent_kind, Rating.counter_id, Rating.day, Rating.channel)
    query = (
        select(
            Rating.agency_id,
            func.coalesce(Rating.service_id, 0),
            case({name: place for place, name in enumerate(KINDS)}, value=Rating.respondent_kind),
            func.coalesce(Rating.counter_id, 0),
            day_of_month(),
            case({name: place for place, name in enumerate(CHANNEL_CODES)}, value=Rating.channel),
            *(func.sum(one_if(Rating.value == value)) for value in VALUES),
        )
        .where(*conditions(asked))
        .group_by(*key)
        .order_by(*key)
    )
    table = np.fromiter(chain.from_iterable(db.session.execute(query)), np.int64).reshape(-1, 6 + len(VALUES))
    records = np.empty(len(table), dtype=RECORD)
    for place, name in enumerate(("service", "kind", "counter", "day", "channel"), start=1):
        records[name] = table[:, place]
    records["counts"] = table[:, 6:]
    bounds = np.flatnonzero(np.diff(table[:, 0], prepend=-1, append=-1))
    return [((int(table[a, 0]), month), records[a:b]) for a, b in pairwise(bounds.tolist())]


def _by_month(places: Collection[Place]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for agency, month in places:
        found[month].add(agency)
    return found


def _joined(months: tuple[str, ...], pieces: Sequence[tuple[Place, Records]]) -> DayCounts:
    lengths = [len(records) for _place, records in pieces]
    places = {month: place for place, month in enumerate(months)}
    agencies = np.array([agency for (agency, _month), _records in pieces], dtype=np.int64)
    positions = np.array([places[month] for (_agency, month), _records in pieces], dtype=np.int64)
    records = np.concatenate([np.empty(0, dtype=RECORD), *(records for _place, records in pieces)])
    return DayCounts(months, np.repeat(agencies, lengths), np.repeat(positions, lengths), records)


def _narrowed(counts: DayCounts, scope: Scope) -> DayCounts:
    records = counts.records
    keep = np.ones(len(records), dtype=bool)
    if scope.service_ids is not None:
        keep &= np.isin(records["service"], sorted(scope.service_ids))
    if scope.respondent_kinds is not None:
        keep &= np.isin(records["kind"], [KINDS.index(kind) for kind in scope.respondent_kinds])
    if scope.channels is not None:
        keep &= np.isin(records["channel"], [CHANNEL_CODES.index(channel) for channel in scope.channels])
    if scope.until is not None:
        last = scope.until.strftime("%Y-%m")
        order = np.array([(month > last) - (month < last) for month in counts.months], dtype=np.int64)[counts.month]
        keep &= (order < 0) | ((order == 0) & (records["day"] <= scope.until.day))
    if keep.all():
        return counts
    return replace(counts, agency=counts.agency[keep], month=counts.month[keep], records=records[keep])
