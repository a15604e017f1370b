"""How often each rating was given, by sector and year: counts under 5 are hidden, and no sum gives one back.

Only years have this table, so that no published month can be subtracted from it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from analysis.figures.rating_queries import RatingScope
from analysis.figures.store.counts import fetch_value_counts
from analysis.periods.models import Closing
from analysis.periods.release_gate import fetch_released
from analysis.statistics import TableEdition, suppress_table
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SATISFIED

ROWS = {"administration": "agency_service", "health": "health_service", "education": "education_service"}
VALUES = (1, 2, 3, 4, 5)
SIDES = tuple(
    [place for place, value in enumerate(VALUES) if (value >= SATISFIED) is side] for side in (False, True)
)  # how many were satisfied follows from the unweighted share that is published of each subject


def rating_counts(closing: Closing, earlier: Closing | None = None) -> dict[str, Any] | None:
    """The table of a year as published: `counts` (4, 6) with totals in the last row and column, None where hidden.

    `earlier` is the revision published before: what it hid stays hidden until it has moved by 5 or more.
    """
    period = Period.parse(closing.period)
    if period.kind != "year":
        return None
    body = _fetch(closing.province_id, period, closing.closed_at)
    edition = suppress_table(body, previous=_edition(earlier, period), told=SIDES)
    shown = np.where(edition.hidden, -1, edition.counts).tolist()
    return {
        "rows": [*ROWS, "all"],
        "columns": [*map(str, VALUES), "all"],
        "counts": [[None if count < 0 else count for count in row] for row in shown],
    }


def told_total(table: dict[str, Any] | None, subject: str) -> int | None:
    """How many ratings of a subject the table tells of; None where it tells of none, or as an earlier revision did."""
    if table is None or table.get("kept") or subject not in ROWS.values():
        return None
    total: int | None = table["counts"][list(ROWS.values()).index(subject)][-1]
    return total


def _edition(earlier: Closing | None, period: Period) -> TableEdition | None:
    if earlier is None or not earlier.figures or not earlier.figures.get("counts"):
        return None
    shown = earlier.figures["counts"]["counts"]
    hidden = np.array([[count is None for count in row] for row in shown])
    full = _fetch(earlier.province_id, period, earlier.closed_at)
    return TableEdition(suppress_table(full).counts, hidden)


def _fetch(province_id: int, period: Period, received_before: dt.datetime) -> np.ndarray[Any, np.dtype[np.int64]]:
    rows, released = [], fetch_released(province_id, period.months, received_before)
    for subject in ROWS.values():
        scope = RatingScope(province_id=province_id, subject=subject, months=period.months, released=released)
        counts = fetch_value_counts(scope)
        rows.append([counts.get(value, 0) for value in VALUES])
    return np.array(rows, dtype=np.int64)
