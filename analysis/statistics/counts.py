"""Shares and means of plain counts: everyone is counted, nothing is weighted, so nothing is uncertain about them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median

from analysis.statistics.problems import StatisticsError
from analysis.statistics.verdicts.verdict import Threshold


def share_of(part: float, whole: float) -> float | None:
    """part / whole, 0-1; None where the whole is empty.

    Raises StatisticsError `share` unless 0 <= part <= whole, both finite.
    """
    if not (math.isfinite(whole) and 0 <= part <= whole):
        raise StatisticsError("share", "Một phần phải nằm giữa 0 và toàn bộ; số đếm đưa vào không đúng.")
    return part / whole if whole else None


def exact_share(reached: int | Fraction, units: int | Fraction) -> Fraction | None:
    """The share of units that count, as the fraction it is; None without units. Raises StatisticsError `share`."""
    return None if share_of(float(reached), float(units)) is None else Fraction(reached) / units


def coverage_holds(reached: int, units: int, target: Threshold) -> bool | None:
    """Whether `reached` of `units` meet a coverage target, in exact arithmetic; None without units.

    All units are counted, so the words of the decree are the whole verdict. Raises StatisticsError `share`.
    """
    share = exact_share(reached, units)
    return None if share is None else target.accepts((share > target.threshold) - (share < target.threshold))


def mean_count(counts: Sequence[float]) -> float | None:
    """The mean of counts per day, month or counter; None of none. Raises StatisticsError `counts` for a bad one."""
    if any(not math.isfinite(count) or count < 0 for count in counts):
        raise StatisticsError("counts", "Số đếm phải là số không âm.")
    return math.fsum(counts) / len(counts) if counts else None


def mean_rating(counts: Mapping[int, int]) -> float | None:
    """The mean of ratings by how often each was given; None of none. Raises StatisticsError `counts` for a bad one."""
    if any(n < 0 for n in counts.values()):
        raise StatisticsError("counts", "Số đếm phải là số không âm.")
    total = sum(counts.values())
    return sum(value * n for value, n in counts.items()) / total if total else None


def median_value(counts: Mapping[int, int]) -> float | None:
    """The median of whole numbers by how often each was given; None of none. Raises StatisticsError `counts`."""
    if any(n < 0 for n in counts.values()):
        raise StatisticsError("counts", "Số đếm phải là số không âm.")
    return float(median([value for value, n in counts.items() for _ in range(n)])) if any(counts.values()) else None


def count_a_day(count: float, days: int) -> float:
    """So many on each of `days` days, which are at least 1."""
    return count / days


def stock_weight(covered: int | Fraction, reported: int | Fraction) -> Fraction:
    """What one month's stock (pupils, insured people) counts in a period: `covered` / `reported`, so that they average.

    `covered`: the part of that month inside the period, 1 of a whole one; `reported`: the parts of all months that have
    a stock, added up. A flow (dossiers, visits) counts `covered`. Raises StatisticsError `months` if none is reported.
    """
    if share_of(float(covered), float(reported)) is None:
        raise StatisticsError("months", "Số hồ sơ của một kỳ cần ít nhất một tháng có số liệu.")
    return Fraction(covered, reported)
