"""How often each rating was given per counter-day, put together from the pieces of agencies and months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select

from analysis.memory import Memory
from analysis.queries.marks import fetch_rating_stamps
from analysis.queries.pieces import CHANNEL_CODES, RECORD, VALUES, Piece, fetch_pieces
from analysis.queries.ratings import KINDS, RatingCells, Scope, conditions
from analysis.queries.snapshot import is_writing, read_once, reads_whole_provinces
from survey.foundation.database import db
from survey.responses.models import Rating


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


_READ: Memory[DayCounts] = Memory(1_500_000, lambda counts: 50 + len(counts.records))  # some 70 MB at most


def _read(scope: Scope) -> DayCounts:
    return _narrowed(_joined(scope.months, fetch_pieces(scope)), scope)


def fetch_value_counts(scope: Scope) -> dict[int, int]:
    """How many respondents gave each value 1-5."""
    if scope.languages is not None:  # no sum is kept by language
        query = select(Rating.value, func.count()).where(*conditions(scope)).group_by(Rating.value)
        return {value: count for value, count in db.session.execute(query)}  # noqa: C416 - rows are no pairs
    return fetch_day_counts(scope).value_counts()


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
