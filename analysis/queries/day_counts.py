"""How often each rating was given per counter-day, from kept sums where these are true, from the ratings elsewhere.

A month of an agency is kept as one piece of bytes beside the stamp its `RatingMark` bore. The mark changes with every
change to the ratings, whoever made it; a piece with another stamp is never used. So no figure depends on a job having
run: `flask analysis sums` only makes reading quick.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, case, exists, func, select

from analysis.memory import Memory
from analysis.queries.marks import fetch_rating_stamps
from analysis.queries.models import RatingSums
from analysis.queries.ratings import KINDS, RatingCells, Scope, conditions, day_of_month, one_if
from analysis.queries.snapshot import is_writing, read_once, reads_whole_provinces
from survey.foundation.database import db
from survey.foundation.vocabulary import CHANNELS, SCALE
from survey.responses.models import Rating, RatingMark

VALUES = tuple(sorted(SCALE))  # 1-5
CHANNEL_CODES = tuple(sorted(CHANNELS))
# `counts`: how many gave each value; ids are 0 where none; `kind` and `channel` are places in the lists above.
RECORD = np.dtype(
    [("service", "<i4"), ("kind", "u1"), ("counter", "<i4"), ("day", "u1"), ("channel", "u1"), ("counts", "<u4", (5,))]
)


class Piece(NamedTuple):
    """An agency's month: its records as bytes, as they are kept."""

    agency_id: int
    month: str
    records: bytes


@dataclass(frozen=True, eq=False)
class DayCounts:
    """Records with the agency (K,) and the month's place in `months` (K,) of each."""

    months: tuple[str, ...]
    agency: NDArray[np.int64]
    month: NDArray[np.int64]
    records: NDArray[Any]

    def value_counts(self) -> dict[int, int]:
        """How many respondents gave each value 1-5."""
        totals = self.records["counts"].sum(axis=0, dtype=np.int64).tolist()
        return {value: count for value, count in zip(VALUES, totals, strict=True) if count}

    def cells(self, dimension: str | None, *, means: bool = False) -> RatingCells:
        """As cells; `dimension` is ``channel`` or None; `means`: with the sums a mean rating needs."""
        counts = self.records["counts"].astype(np.int64)
        values = np.array(VALUES)
        satisfied = counts[:, 3] + counts[:, 4]
        sums = {"responses": counts[:, 0] + counts[:, 1] + counts[:, 2] + satisfied, "satisfied": satisfied}
        if means:
            sums |= {"ratings": counts @ values, "squares": counts @ values**2}
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
    if scope.agency_ids is None or not reads_whole_provinces():
        return _fetch(scope)
    whole = _fetch_whole(replace(scope, agency_ids=None))
    keep = np.isin(whole.agency, sorted(scope.agency_ids))
    return replace(whole, agency=whole.agency[keep], month=whole.month[keep], records=whole.records[keep])


@read_once
def _fetch_whole(scope: Scope) -> DayCounts:
    return _fetch(scope)


def _fetch(scope: Scope) -> DayCounts:
    """Once for all figures of a page, and again only when a rating has come or changed."""
    if is_writing():
        return _read(scope)
    stamps = fetch_rating_stamps(scope.province_id, scope.subject)
    return _READ.get((scope, tuple(stamps.get(month) for month in scope.months)), lambda: _read(scope))


_READ: Memory[DayCounts] = Memory(2_000_000, lambda counts: 50 + len(counts.records))  # some 100 MB at most


def _read(scope: Scope) -> DayCounts:
    pieces = _fetch_kept(scope)
    for month, agencies in sorted(_fetch_unkept(scope).items()):
        pieces += fetch_from_ratings(scope, month, agencies)
    return _narrowed(_joined(scope.months, pieces), scope)


def fetch_value_counts(scope: Scope) -> dict[int, int]:
    """How many respondents gave each value 1-5."""
    if scope.languages is not None:  # no sum is kept by language
        query = select(Rating.value, func.count()).where(*conditions(scope)).group_by(Rating.value)
        return {value: count for value, count in db.session.execute(query)}  # noqa: C416 - rows are no pairs
    return fetch_day_counts(scope).value_counts()


def is_kept() -> ColumnElement[bool]:
    """Whether the counts of a `RatingMark` are kept as they stand now."""
    return exists().where(_same_place(), RatingSums.stamp == RatingMark.stamp)


def _same_place() -> ColumnElement[bool]:
    names = ("province_id", "subject", "month", "agency_id")
    return and_(*(getattr(RatingSums, name) == getattr(RatingMark, name) for name in names))


def _marked(scope: Scope) -> list[ColumnElement[bool]]:
    found = [
        RatingMark.province_id == scope.province_id,
        RatingMark.subject == scope.subject,
        RatingMark.month.in_(scope.months),
    ]
    if scope.agency_ids is not None:
        found.append(RatingMark.agency_id.in_(sorted(scope.agency_ids)))
    return found


def _fetch_kept(scope: Scope) -> list[Piece]:
    """What is kept and true, of the months whose every rating was received in time."""
    query = (
        select(RatingSums.agency_id, RatingSums.month, RatingSums.sums)
        .join(RatingMark, and_(_same_place(), RatingSums.stamp == RatingMark.stamp))
        .where(*_marked(scope), *_in_time(scope))
    )
    return [Piece(agency, month, sums) for agency, month, sums in db.session.execute(query)]


def _fetch_unkept(scope: Scope) -> dict[str, set[int]]:
    """By month the agencies whose ratings must be read."""
    kept = and_(is_kept(), *_in_time(scope))
    found: dict[str, set[int]] = defaultdict(set)
    for agency, month in db.session.execute(
        select(RatingMark.agency_id, RatingMark.month).where(*_marked(scope), ~kept)
    ):
        found[month].add(agency)
    return found


def _in_time(scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope.received_before is None else [RatingMark.latest < scope.received_before]


def fetch_from_ratings(scope: Scope, month: str, agencies: Collection[int]) -> list[Piece]:
    """One month's counts read from the ratings themselves, an agency a piece; only received_before narrows them."""
    asked = Scope(
        province_id=scope.province_id,
        subject=scope.subject,
        months=(month,),
        agency_ids=frozenset(agencies),
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
    return [Piece(int(table[a, 0]), month, records[a:b].tobytes()) for a, b in pairwise(bounds.tolist())]


def _joined(months: tuple[str, ...], pieces: Sequence[Piece]) -> DayCounts:
    places = {month: place for place, month in enumerate(months)}
    ordered = sorted(pieces, key=lambda piece: (piece.month, piece.agency_id))
    lengths = [len(piece.records) // RECORD.itemsize for piece in ordered]
    agencies = np.array([piece.agency_id for piece in ordered], dtype=np.int64)
    positions = np.array([places[piece.month] for piece in ordered], dtype=np.int64)
    records = np.frombuffer(b"".join(piece.records for piece in ordered), dtype=RECORD)
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
    if scope.since is not None:
        keep &= _places(counts) >= _place(scope.since)
    if scope.until is not None:
        keep &= _places(counts) <= _place(scope.until)
    if keep.all():
        return counts
    return replace(counts, agency=counts.agency[keep], month=counts.month[keep], records=records[keep])


def _place(day: dt.date) -> int:
    """A number that grows with the days."""
    return (day.year * 12 + day.month) * 32 + day.day


def _places(counts: DayCounts) -> NDArray[np.int64]:
    """That number of each record's day (K,)."""
    months = np.array([_place(dt.date.fromisoformat(f"{month}-01")) - 1 for month in counts.months], dtype=np.int64)
    places: NDArray[np.int64] = months[counts.month] + counts.records["day"]
    return places
