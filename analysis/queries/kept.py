"""Keeping the counts of past months: which are missing or no longer true, and storing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from analysis.queries.day_counts import Records, fetch_from_ratings
from analysis.queries.models import RatingSums
from analysis.queries.ratings import Scope
from survey.foundation.database import db
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.responses.models import RatingMark

SUBJECTS = tuple(subject for subject, sector in SECTOR_OF_SUBJECT.items() if sector)


class Month(NamedTuple):
    """One subject's month in a province."""

    province_id: int
    subject: str
    month: str


def fetch_unkept() -> dict[Month, dict[int, int]]:
    """The months, the oldest first, with the stamp of each agency (by id) whose counts are not kept as they stand now.

    An agency that was never asked about a subject keeps an empty count, so that nobody looks for it again.
    """
    found: dict[Month, dict[int, int]] = defaultdict(dict)
    for subject in SUBJECTS:
        kept = select(RatingSums.stamp).where(
            RatingSums.province_id == RatingMark.province_id,
            RatingSums.subject == subject,
            RatingSums.month == RatingMark.month,
            RatingSums.agency_id == RatingMark.agency_id,
            RatingSums.stamp == RatingMark.stamp,
        )
        query = select(RatingMark.province_id, RatingMark.month, RatingMark.agency_id, RatingMark.stamp)
        for province_id, month, agency_id, stamp in db.session.execute(query.where(~kept.exists())):
            found[Month(province_id, subject, month)][agency_id] = stamp
    return dict(sorted(found.items(), key=lambda item: (item[0].month, item[0])))


def fetch_to_keep(month: Month, agency_ids: frozenset[int]) -> dict[int, Records]:
    """The counts of these agencies as the ratings give them now."""
    scope = Scope(province_id=month.province_id, subject=month.subject, months=(month.month,))
    return {agency: records for (agency, _month), records in fetch_from_ratings(scope, month.month, agency_ids)}


def save_kept(session: Session, month: Month, stamps: Mapping[int, int], counts: Mapping[int, Records]) -> None:
    """Replace what was kept of these agencies. `stamps` were read before `counts`: a change in between unkeeps them."""
    key = dict(zip(Month._fields, month, strict=True))
    session.execute(
        delete(RatingSums).where(
            *(getattr(RatingSums, name) == value for name, value in key.items()), RatingSums.agency_id.in_(stamps)
        )
    )
    rows = [
        key | {"agency_id": agency, "stamp": stamp, "sums": counts[agency].tobytes() if agency in counts else b""}
        for agency, stamp in stamps.items()
    ]
    session.connection().execute(insert(RatingSums.__table__), rows)
