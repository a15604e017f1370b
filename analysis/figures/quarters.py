"""The calendar quarters that longer periods are weighed by, and the weeks that are their sampling units.

A year as one heap gave 35-57 % false "met" where kiosks were rolled out while satisfaction drifted; by quarters it is
5-7 %. Bad days hang together, so in such periods a week of an agency, cut at month ends, is what was drawn together
(docs/statistics.md).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from analysis.statistics.cells.grouping import Ints

MOST_MONTHS_AT_ONCE = 3
DAYS, WEEKS = 32, 8  # more than a month has


def is_long(months: Sequence[str]) -> bool:
    """Whether a period of these months is weighed by quarters, and its answers were drawn by weeks."""
    return len(months) > MOST_MONTHS_AT_ONCE


def quarters_of(months: Sequence[str]) -> tuple[str, ...]:
    """The quarter of each month, as ``2026-Q3``; '' for all of a period of up to three months."""
    return tuple([quarter_of(month) for month in months]) if is_long(months) else ("",) * len(months)


def quarter_of(month: str) -> str:
    """The quarter a month lies in."""
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def half_of(quarter: str) -> str:
    """The half-year a quarter lies in, as ``2026-H2``."""
    return f"{quarter[:4]}-H{(int(quarter[-1]) + 1) // 2}"


def pooling_levels(months: Sequence[str]) -> tuple[Mapping[str, str], ...]:
    """By what the thin quarters of a period are pooled, nearest first: the half-year, the year, the whole period."""
    if not is_long(months):
        return ()
    quarters = sorted(set(quarters_of(months)))
    halves = {quarter: half_of(quarter) for quarter in quarters}
    years = {quarter: quarter[:4] for quarter in quarters}
    levels = [halves, years, dict.fromkeys(quarters, "period")]
    return tuple(level for place, level in enumerate(levels) if not place or len(set(levels[place - 1].values())) > 1)


def nearest_quarter(quarter: str, reported: Sequence[str]) -> str:
    """The quarter itself if it is among those reported, else the nearest one of its half, of its year, of all."""
    if quarter in reported:
        return quarter
    of_half = [reported_quarter for reported_quarter in reported if half_of(reported_quarter) == half_of(quarter)]
    of_year = [reported_quarter for reported_quarter in reported if reported_quarter[:4] == quarter[:4]]
    return min(
        of_half or of_year or reported,
        key=lambda reported_quarter: (abs(_number(reported_quarter) - _number(quarter)), reported_quarter),
    )


def sampling_units(months: Sequence[str], month: Ints, day: Ints) -> Ints:
    """A number (K,) for the day an answer was given, or for its week inside the month where the period is long.

    `month` (K,) places in `months`, `day` (K,) 1-31.
    """
    if not is_long(months):
        return month * DAYS + day
    first_weekday = np.array([dt.date(int(month[:4]), int(month[5:]), 1).weekday() for month in months], dtype=np.int64)
    weeks: Ints = month * WEEKS + (day - 1 + first_weekday[month]) // 7
    return weeks


def _number(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[-1])
