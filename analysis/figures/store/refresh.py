"""Keeping the counts of past months: which are missing or no longer true, and storing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from analysis.figures.codebook import codebook
from analysis.figures.rating_queries import RatingScope
from analysis.figures.store.aggregates import fetch_from_ratings, is_kept
from analysis.figures.store.models import RatingSums
from survey.responses.models import RatingMark


class SubjectMonth(NamedTuple):
    """One subject's month in a province."""

    province_id: int
    subject: str
    month: str


def fetch_unkept(session: Session, only: SubjectMonth | None = None) -> dict[SubjectMonth, dict[int, int]]:
    """The months, the oldest first, with the stamp of each agency (by id) whose counts are not kept as they are now."""
    unkept: dict[SubjectMonth, dict[int, int]] = defaultdict(dict)
    columns = (RatingMark.province_id, RatingMark.subject, RatingMark.month, RatingMark.agency_id, RatingMark.stamp)
    query = select(*columns).where(~is_kept())
    if only is not None:
        query = query.filter_by(**only._asdict())
    for province_id, subject, month, agency_id, stamp in session.execute(query):
        unkept[SubjectMonth(province_id, subject, month)][agency_id] = stamp
    return dict(sorted(unkept.items(), key=lambda item: (item[0].month, item[0])))


def fetch_to_keep(month: SubjectMonth, agency_ids: frozenset[int]) -> Mapping[int, bytes]:
    """The counts of these agencies as the ratings give them now."""
    scope = RatingScope(province_id=month.province_id, subject=month.subject, months=(month.month,))
    return fetch_from_ratings(scope, month.month, agency_ids)


def save_kept(session: Session, month: SubjectMonth, stamps: Mapping[int, int], counts: Mapping[int, bytes]) -> None:
    """Replace what was kept of these agencies. `stamps` were read before `counts`: a change in between unkeeps them."""
    key = dict(zip(SubjectMonth._fields, month, strict=True))
    session.execute(
        delete(RatingSums).where(
            *(getattr(RatingSums, name) == value for name, value in key.items()), RatingSums.agency_id.in_(stamps)
        )
    )
    key |= {"codebook": codebook().version}
    rows = [key | {"agency_id": a, "stamp": stamp, "sums": counts.get(a, b"")} for a, stamp in stamps.items()]
    session.connection().execute(insert(RatingSums.__table__), rows)
