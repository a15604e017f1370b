"""Detectors with a stated false-alarm rate: how improbable is what came, if nothing is wrong?

Each gives a probability under its model; a caller sets it against `FALSE_ALARMS` divided by the number of tests
(Bonferroni). docs/signals.md tells the models; a simulation in the tests holds the rate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from analysis.statistics.cells.grouping import Floats
from analysis.statistics.detection.control_chart import laney_p_prime

FALSE_ALARMS = 0.05
"""At most this chance of any false alarm of one kind in one province and month."""
FEWEST_MONTHS = 8
FEWEST_BESIDE = 10
"""Answers of a month in a part and in what it is set beside: staff are told of no fewer."""
HOURS_OF_A_DAY = 24
_MOVING_RANGE_DF = 0.62
"""Degrees of freedom of the mean moving range of T points, per point less one (Wheeler, Advanced Topics in SPC)."""


def level_of(tests: int) -> float:
    """The level of each of so many tests, so that together they raise at most `FALSE_ALARMS` (Bonferroni)."""
    return FALSE_ALARMS / max(tests, 1)


@dataclass(frozen=True)
class ChartPoint:
    """The last month against those before: shares 0-1, limits at the asked level, two-sided p."""

    share: float
    centre: float
    lower: float
    upper: float
    p: float


def chart_point(n: Sequence[int], satisfied: Sequence[int], *, level: float) -> ChartPoint | None:
    """Is the last month outside the Laney limits that the months before it set?

    `n`, `satisfied` (T,), in order; None with fewer than 8 earlier months that have answers, or where nothing varied.
    Centre and sigma_z come from the earlier months alone; because they are estimated, the limits are Student's with
    0.62 (T - 2) degrees of freedom instead of 3 sigma. Laney, Quality Engineering 14 (2002).
    """
    before = [(a, b) for a, b in zip(n[:-1], satisfied[:-1], strict=True) if a > 0]
    if len(before) < FEWEST_MONTHS or not n or n[-1] <= 0:
        return None
    chart = laney_p_prime([a for a, _ in before], [b for _, b in before])
    if chart is None or chart.sigma_z == 0:
        return None
    spread = float(np.sqrt(chart.centre * (1 - chart.centre) * (1 / n[-1] + 1 / sum(a for a, _ in before))))
    error = spread * max(chart.sigma_z, 1.0)  # never narrower than chance alone allows
    df = _MOVING_RANGE_DF * (len(before) - 1)
    share = satisfied[-1] / n[-1]
    margin = float(scipy.special.stdtrit(df, 1 - level / 2)) * error
    p = float(2 * scipy.special.stdtr(df, -abs(share - chart.centre) / error))
    return ChartPoint(share, chart.centre, max(chart.centre - margin, 0.0), min(chart.centre + margin, 1.0), p)


@dataclass(frozen=True)
class GapPoint:
    """How far the last month's share lies from the others' (-1 to 1), beside the usual gap; two-sided p."""

    share: float
    others: float
    usual: float
    lower: float
    upper: float
    p: float


def gap_point(
    n: Sequence[int],
    satisfied: Sequence[int],
    others_n: Sequence[int],
    others_satisfied: Sequence[int],
    *,
    level: float,
) -> GapPoint | None:
    """Does a part's last month lie as far from the others as it used to?

    All (T,), in order: answers and satisfied of the part and of the others. Months in which either gave fewer than 10
    are left out; None if the last is among them, or fewer than 8 are left before it. The earlier months set the usual
    gap (by precision) and how far months differ (Birge's ratio, at least 1: never less than by chance); their number
    less one are the degrees of freedom of Student's t. What slowly drifts widens the limits.
    """
    table = np.array([n, satisfied, others_n, others_satisfied], dtype=np.float64)
    enough = (table[0] >= FEWEST_BESIDE) & (table[2] >= FEWEST_BESIDE)
    if not enough.any() or not enough[-1] or enough.sum() <= FEWEST_MONTHS:
        return None
    table = table[:, enough]
    # Jeffreys' posterior mean: a part that was always content still varies
    usual = (table[[1, 3], :-1].sum(axis=1) + 0.5) / (table[[0, 2], :-1].sum(axis=1) + 1)
    variance = usual[0] * (1 - usual[0]) / table[0] + usual[1] * (1 - usual[1]) / table[2]
    gap = table[1] / table[0] - table[3] / table[2]
    precision = 1 / variance[:-1]
    centre = float((gap[:-1] * precision).sum() / precision.sum())
    z = (gap[:-1] - centre) / np.sqrt(variance[:-1])
    df = z.size - 1
    sigma = max(float(np.sqrt((z**2).sum() / df)), 1.0)
    error = sigma * float(np.sqrt(variance[-1] + 1 / precision.sum()))
    margin = float(scipy.special.stdtrit(df, 1 - level / 2)) * error
    p = float(2 * scipy.special.stdtr(df, -abs(gap[-1] - centre) / error))
    share, others = (float(table[row, -1] / table[row - 1, -1]) for row in (1, 3))
    return GapPoint(share, others, centre, centre - margin, centre + margin, p)


@dataclass(frozen=True)
class Burst:
    """An hour of the clock (0-23) with `answers` where `expected` come in the busiest usual one, at probability `p`."""

    hour: int
    answers: int
    expected: float
    p: float


def bursts(by_hour: Mapping[int, int], *, hourly: float, level: float) -> list[Burst]:
    """In which hours of a day did more answers come than chance allows?

    `by_hour`: answers of one counter and day by hour of the clock; `hourly` the rate of its busiest usual hour. The
    answers of an hour are Poisson; improbable is a probability <= level / 24.
    """
    # P(Poisson >= k) is the regularised lower incomplete gamma function at k.
    chances = {hour: float(scipy.special.gammainc(max(k, 1), hourly)) for hour, k in by_hour.items() if k > hourly}
    return [Burst(hour, by_hour[hour], hourly, p) for hour, p in sorted(chances.items()) if p <= level / HOURS_OF_A_DAY]


def usual_share(alike: int, answers: int) -> float:
    """How common a sheet is among `answers` others, `alike` of them equal to it: the mean of Jeffreys' posterior,
    so that a sheet never seen elsewhere is rare, not impossible."""
    return (alike + 0.5) / (answers + 1)


def alike_p(alike: int, answers: int, *, share: float, correlation: float, patterns: int) -> float:
    """The chance of `alike` or more equal answer sheets among `answers` of one counter and day.

    Beta-binomial with mean `share` (how common the pattern is elsewhere) and intra-class `correlation` in (0, 1) of one
    day's answers; times `patterns`, the different sheets of the day, because the most frequent one is picked.
    """
    mean = min(max(share, 1e-6), 1 - 1e-6)
    scale = (1 - correlation) / correlation
    a, b = mean * scale, (1 - mean) * scale
    k = np.arange(alike, answers + 1)
    log_choose = (
        scipy.special.gammaln(answers + 1) - scipy.special.gammaln(k + 1) - scipy.special.gammaln(answers - k + 1)
    )
    log_p = log_choose + scipy.special.betaln(k + a, answers - k + b) - scipy.special.betaln(a, b)
    return min(float(np.exp(log_p).sum()) * patterns, 1.0)


def intraclass_correlation(answers: ArrayLike, alike: ArrayLike) -> float:
    """How much more alike answers of one counter and day are than those of different ones, at least 0.05, below 0.9.

    `answers`, `alike` (D,) per counter-day. Moment estimator: Donner, International Statistical Review 54 (1986).
    """
    n, k = np.asarray(answers, dtype=np.float64), np.asarray(alike, dtype=np.float64)
    days, total = n.size, float(n.sum())
    if days < 2 or total <= days:
        return 0.05
    share = k / n
    mean = float(k.sum() / total)
    between = float((n * (share - mean) ** 2).sum()) / (days - 1)
    within = float((n * share * (1 - share)).sum()) / (total - days)
    typical = (total - float((n**2).sum()) / total) / (days - 1)
    if between + (typical - 1) * within <= 0:
        return 0.05
    return float(np.clip((between - within) / (between + (typical - 1) * within), 0.05, 0.9))


def silence_p(quiet_days: int, earlier_days: int, earlier_quiet: int) -> float:
    """The chance that a counter is silent on each of the last `quiet_days` working days.

    Given that it was silent on `earlier_quiet` of `earlier_days` before: beta predictive with Jeffreys' prior, so that
    a short history cannot look certain.
    """
    steps: Floats = np.arange(quiet_days, dtype=np.float64)
    return float(np.prod((earlier_quiet + 0.5 + steps) / (earlier_days + 1 + steps)))
