"""An agency's month of counts: remembered by its stamp, else as kept, else read from the ratings.

A month of an agency is kept as bytes beside the stamp its `RatingMark` bore. The mark changes with every
change to the ratings, whoever made it; an aggregate with another stamp is never used. So no figure depends on a job
having run (`flask analysis sums` only makes reading quick), and after an answer only its agency's month is read again.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, select

from analysis.figures.codebook import codebook
from analysis.figures.rating_queries import RatingScope, conditions
from analysis.figures.store.cell_query import cell_query, records_by_agency, rows_of
from analysis.figures.store.models import RatingSums
from analysis.periods.release_steps import NOTHING
from survey.foundation.caching.transaction_cache import is_writing, read_once, reads_whole_provinces
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.storage.database import db
from survey.responses.models import Rating, RatingMark

MOST_BYTES = 100_000_000


class MonthAggregate(NamedTuple):
    """An agency's month: its records as bytes, as they are kept.

    `state` is the same for the same records; None inside a transaction that writes, where nothing lasts.
    """

    month: str
    records: bytes
    state: Hashable | None


class _Mark(NamedTuple):
    """An agency's month: the stamp of its ratings, and the instant they must be older than (None: all of them are)."""

    agency_id: int
    month: str
    stamp: int
    cut: dt.datetime | None


_KNOWN: WeightedLru[bytes] = WeightedLru(MOST_BYTES, lambda records: 200 + len(records))


def fetch_aggregates(scope: RatingScope) -> Mapping[int, Sequence[MonthAggregate]]:
    """The aggregates of each agency of a scope in order, narrowed by month, agency and `released` only."""
    asked = RatingScope(
        province_id=scope.province_id,
        subject=scope.subject,
        months=scope.months,
        released=scope.released,
    )
    if scope.agency_ids is None:
        return _fetch_aggregates(asked)
    if not reads_whole_provinces():
        return _fetch_aggregates(replace(asked, agency_ids=scope.agency_ids))
    whole = _fetch_aggregates(asked)
    return {agency_id: whole[agency_id] for agency_id in sorted(scope.agency_ids) if agency_id in whole}


@read_once
def _fetch_aggregates(scope: RatingScope) -> Mapping[int, Sequence[MonthAggregate]]:
    marks = _fetch_marks(scope)
    known = {mark: b"" if mark.cut == NOTHING else _KNOWN.find(_key(scope, mark)) for mark in marks}
    records_of = {mark: records for mark, records in known.items() if records is not None}
    missing = [mark for mark in marks if mark not in records_of]
    read = _fetch_kept(scope, [mark for mark in missing if mark.cut is None])
    read |= _fetch_ratings(scope, [mark for mark in missing if mark not in read])
    lasting = not is_writing()  # what is not stored yet may never be, and its stamp may stand for more than one state
    for mark, records in read.items():
        if lasting:
            _KNOWN.keep(_key(scope, mark), records)
    records_of |= read
    aggregates: dict[int, list[MonthAggregate]] = defaultdict(list)
    for mark in sorted(marks, key=lambda mark: mark[:2]):
        aggregates[mark.agency_id].append(MonthAggregate(mark.month, records_of[mark], mark[2:] if lasting else None))
    return aggregates


def _key(scope: RatingScope, mark: _Mark) -> State:
    place = (scope.province_id, scope.subject, mark.agency_id, mark.month, mark.cut is None)
    return State(place, (mark.stamp, mark.cut, codebook().version))


def _fetch_marks(scope: RatingScope) -> list[_Mark]:
    query = select(RatingMark.agency_id, RatingMark.month, RatingMark.stamp, RatingMark.latest).where(
        RatingMark.province_id == scope.province_id,
        RatingMark.subject == scope.subject,
        RatingMark.month.in_(scope.months),
    )
    if scope.agency_ids is not None:
        query = query.where(RatingMark.agency_id.in_(sorted(scope.agency_ids)))
    marks = []
    for agency_id, month, stamp, latest in db.session.execute(query):
        cut = scope.released.cut(month, agency_id)
        marks.append(_Mark(agency_id, month, stamp, None if cut is None or latest < cut else cut))
    return marks


def _fetch_kept(scope: RatingScope, marks: Collection[_Mark]) -> dict[_Mark, bytes]:
    """What is kept with the very stamp of a mark, its numbers meaning what they mean now."""
    if not marks:
        return {}
    query = select(RatingSums.agency_id, RatingSums.month, RatingSums.stamp, RatingSums.sums).where(
        RatingSums.province_id == scope.province_id,
        RatingSums.subject == scope.subject,
        RatingSums.month.in_(sorted({mark.month for mark in marks})),
        RatingSums.agency_id.in_(sorted({mark.agency_id for mark in marks})),
        RatingSums.codebook == codebook().version,
    )
    asked = set(marks)
    kept = {_Mark(agency, month, stamp, None): sums for agency, month, stamp, sums in db.session.execute(query)}
    return {mark: sums for mark, sums in kept.items() if mark in asked}


def _fetch_ratings(scope: RatingScope, marks: Iterable[_Mark]) -> dict[_Mark, bytes]:
    by_month: dict[str, dict[int, _Mark]] = defaultdict(dict)
    for mark in marks:
        by_month[mark.month][mark.agency_id] = mark
    state_of: dict[_Mark, bytes] = {}
    for month, agencies in sorted(by_month.items()):
        read = fetch_from_ratings(scope, month, agencies)
        state_of |= {mark: read.get(agency_id, b"") for agency_id, mark in agencies.items()}
    return state_of


def is_kept() -> ColumnElement[bool]:
    """Whether the counts of a `RatingMark` are kept as they stand now."""
    return exists().where(
        _same_place(), RatingSums.stamp == RatingMark.stamp, RatingSums.codebook == codebook().version
    )


def _same_place() -> ColumnElement[bool]:
    names = ("province_id", "subject", "month", "agency_id")
    return and_(*(getattr(RatingSums, name) == getattr(RatingMark, name) for name in names))


def fetch_from_ratings(scope: RatingScope, month: str, agencies: Collection[int]) -> Mapping[int, bytes]:
    """One month's counts read from the ratings themselves, by agency; only `released` narrows them."""
    asked = RatingScope(
        province_id=scope.province_id,
        subject=scope.subject,
        months=(month,),
        agency_ids=frozenset(agencies),
        released=scope.released,
    )
    return records_by_agency(rows_of(db.session.execute(cell_query(Rating).where(*conditions(asked)))))
