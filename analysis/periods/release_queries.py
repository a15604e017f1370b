"""What the release gate looks at: marks of agencies' months, and when their answers were received. SQL only."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, func, literal, or_, select

from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.storage.database import db
from survey.responses.models import RatingMark, Response


class AgencyMonthKey(NamedTuple):
    """An agency's month."""

    month: str
    agency_id: int


class AgencyMonthMark(NamedTuple):
    """An agency's month as the marks of its ratings know it; the stamp changes with every change to them."""

    place: AgencyMonthKey
    stamp: int
    latest: dt.datetime


def fetch_stamps(province_id: int, months: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """The sum of stamps of each month with a rating: the same as long as no rating has changed."""
    stamps = _fetch_stamps(province_id)
    return tuple((month, stamps[month]) for month in sorted(months) if month in stamps)


@read_once
def fetch_subject_stamps(province_id: int) -> Mapping[str, Mapping[str, int]]:
    """By subject the sum of stamps of each month with a rating: one statement for a whole page."""
    query = (
        select(RatingMark.subject, RatingMark.month, func.sum(RatingMark.stamp))
        .where(RatingMark.province_id == province_id)
        .group_by(RatingMark.subject, RatingMark.month)
    )
    stamps: dict[str, dict[str, int]] = defaultdict(dict)
    for subject, month, total in db.session.execute(query):
        stamps[subject][month] = int(total)
    return stamps


@read_once
def _fetch_stamps(province_id: int) -> Mapping[str, int]:
    totals: Counter[str] = Counter()
    for months in fetch_subject_stamps(province_id).values():
        totals.update(months)
    return totals


def fetch_marks(province_id: int, months: Sequence[str]) -> list[AgencyMonthMark]:
    """Every agency's month with a rating."""
    query = (
        select(RatingMark.month, RatingMark.agency_id, func.sum(RatingMark.stamp), func.max(RatingMark.latest))
        .where(RatingMark.province_id == province_id, RatingMark.month.in_(months))
        .group_by(RatingMark.month, RatingMark.agency_id)
    )
    return [
        AgencyMonthMark(AgencyMonthKey(month, agency_id), int(stamp), latest)
        for month, agency_id, stamp, latest in db.session.execute(query)
    ]


def fetch_thin(province_id: int, months: Collection[str], fewest: int) -> set[AgencyMonthKey]:
    """The agencies' months with fewer answers than `fewest`; of each no more index entries than that are read."""
    if not months:
        return set()
    enough = (
        select(literal(1, Integer))
        .where(
            Response.province_id == province_id,
            Response.month == RatingMark.month,
            Response.agency_id == RatingMark.agency_id,
        )
        .offset(fewest - 1)
        .limit(1)
        .correlate(RatingMark)
        .scalar_subquery()
    )
    query = (
        select(RatingMark.month, RatingMark.agency_id)
        .where(RatingMark.province_id == province_id, RatingMark.month.in_(sorted(months)), enough.is_(None))
        .distinct()
    )
    return {AgencyMonthKey(*row) for row in db.session.execute(query)}


def fetch_arrivals(
    province_id: int, places: Collection[AgencyMonthKey], before: dt.datetime
) -> Mapping[AgencyMonthKey, list[tuple[dt.datetime, int]]]:
    """When the answers of these places were received, in order, with how many at each instant."""
    arrivals: dict[AgencyMonthKey, list[tuple[dt.datetime, int]]] = defaultdict(list)
    if not places:
        return arrivals
    columns = (Response.month, Response.agency_id, Response.received_at)
    query = (
        select(*columns, func.count())
        .where(Response.province_id == province_id, _among(places), Response.received_at < before)
        .group_by(*columns)
        .order_by(*columns)
    )
    for month, agency_id, at, count in db.session.execute(query):
        arrivals[AgencyMonthKey(month, agency_id)].append((at, count))
    return arrivals


def _among(places: Collection[AgencyMonthKey]) -> ColumnElement[bool]:
    by_month: dict[str, list[int]] = defaultdict(list)
    for month, agency_id in sorted(places):
        by_month[month].append(agency_id)
    return or_(*(and_(Response.month == month, Response.agency_id.in_(ids)) for month, ids in by_month.items()))
