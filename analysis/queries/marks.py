"""Whether anything that a figure rests on has changed: sums of the random stamps of a province's months.

A stamp changes with every change to an agency's ratings or caseloads of a month, so an unchanged sum means unchanged
rows (but for a chance of 1 in 10^14).
"""

from __future__ import annotations

from sqlalchemy import func, select

from analysis.queries.snapshot import read_once
from survey.agencies.models import Agency, CaseloadMark
from survey.foundation.database import db
from survey.responses.models import RatingMark


@read_once
def fetch_rating_stamps(province_id: int, subject: str) -> dict[str, int]:
    """The sum of stamps of each month in which a subject ever had a rating."""
    query = (
        select(RatingMark.month, func.sum(RatingMark.stamp))
        .where(RatingMark.province_id == province_id, RatingMark.subject == subject)
        .group_by(RatingMark.month)
    )
    return {month: int(total) for month, total in db.session.execute(query)}


@read_once
def fetch_caseload_stamps(province_id: int) -> dict[str, int]:
    """The sum of stamps of each month that ever had a caseload."""
    query = (
        select(CaseloadMark.month, func.sum(CaseloadMark.stamp))
        .join(Agency, Agency.id == CaseloadMark.agency_id)
        .where(Agency.province_id == province_id)
        .group_by(CaseloadMark.month)
    )
    return {month: int(total) for month, total in db.session.execute(query)}
