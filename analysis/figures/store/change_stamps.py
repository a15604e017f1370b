"""Whether anything that a figure rests on has changed: sums of the random stamps of a province's months.

A stamp changes with every change to an agency's ratings or caseloads of a month, so an unchanged sum means unchanged
rows (but for a chance of 1 in 10^14).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping

from sqlalchemy import func, select

from analysis.periods.release_queries import fetch_subject_stamps
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.periods import shift_month
from survey.foundation.storage.database import db
from survey.registry.models import Agency, CaseloadMark

CASELOADS = ""  # where a subject stands for ratings
BORROW_MONTHS = 3  # a month without caseload may borrow that of one so many months back


def rating_state(province_id: int, months: Iterable[str]) -> Hashable:
    """Changes whenever a rating does, of any subject, in a year of these months.

    What may be told of an agency's month hangs on all its answers of the year (`analysis.periods.release_gate`).
    """
    stamps = _fetch_rating_stamps(province_id)
    return tuple(stamps.get(year) for year in sorted({month[:4] for month in months}))


def fetch_caseload_stamps(province_id: int) -> Mapping[str, int]:
    """The sum of stamps of each month that ever had a caseload."""
    return _fetch_stamps(province_id).get(CASELOADS, {})


def caseload_state(province_id: int, months: tuple[str, ...]) -> Hashable:
    """Changes whenever a caseload of these months, or of those a month may borrow from, does."""
    stamps = fetch_caseload_stamps(province_id)
    earlier = (shift_month(months[0], -back) for back in range(1, BORROW_MONTHS + 1))
    return tuple(stamps.get(month) for month in (*months, *earlier))


def months_state(province_id: int, months: tuple[str, ...]) -> Hashable:
    """Changes whenever a rating of any subject in these months does, or what `caseload_state` tells of."""
    stamps = _fetch_stamps(province_id)
    ratings = tuple((subject, tuple(of_month.get(month) for month in months)) for subject, of_month in stamps.items())
    return (frozenset(ratings), caseload_state(province_id, months))


def province_stamps(province_id: int) -> Hashable:
    """Changes whenever any rating or caseload of the province does."""
    return tuple(
        sorted((subject, *month) for subject, months in _fetch_stamps(province_id).items() for month in months.items())
    )


def fetch_rated_years(province_id: int) -> list[int]:
    """The years in which a province ever had a rating, in order."""
    stamps = _fetch_stamps(province_id)
    return sorted({int(month[:4]) for subject, months in stamps.items() if subject != CASELOADS for month in months})


def subject_state(province_id: int, months: Iterable[str], subject: str) -> Hashable:
    """Changes whenever a rating of the subject in these months does."""
    stamps = _fetch_stamps(province_id).get(subject, {})
    return tuple(stamps.get(month) for month in months)


@read_once
def _fetch_rating_stamps(province_id: int) -> Mapping[str, int]:
    """The sum of stamps of each year that ever had a rating."""
    totals: Counter[str] = Counter()
    for subject, of_months in _fetch_stamps(province_id).items():
        if subject != CASELOADS:
            for month, stamp in of_months.items():
                totals[month[:4]] += stamp
    return totals


@read_once
def _fetch_stamps(province_id: int) -> Mapping[str, Mapping[str, int]]:
    """By subject, CASELOADS among them, the sum of stamps of each month."""
    query = (
        select(CaseloadMark.month, func.sum(CaseloadMark.stamp))
        .join(Agency, Agency.id == CaseloadMark.agency_id)
        .where(Agency.province_id == province_id)
        .group_by(CaseloadMark.month)
    )
    caseloads = {month: int(total) for month, total in db.session.execute(query)}
    return {**fetch_subject_stamps(province_id), CASELOADS: caseloads}
