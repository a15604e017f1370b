"""What changed between figures, as surely as those figures themselves are known.

The interval joins the figures' own beta intervals (MOVER: Zou & Donner, Statistics in Medicine 27, 2008; Zou, Huang &
Zhang, Computational Statistics & Data Analysis 53, 2009, for sums). What guards a verdict sits in n_eff, so it guards a
change, too: by Student's t on R's degrees of freedom two equal months, one of them 12 content answers, "fell" in 46 %
of samples (docs/statistics.md, "How often changes are wrong").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, hypot, log, sqrt

from analysis.statistics.domains import DomainEstimate
from analysis.statistics.problems import StatisticsError
from analysis.statistics.variance.effective import Interval, lower_bound, upper_bound
from analysis.statistics.verdicts.sufficiency import sufficient

LEAST_CHANCE = 1e-12  # nothing is called rarer
_HALVINGS = 60


class Movement(StrEnum):
    """What may be said of a change."""

    RISING = "rising"
    FALLING = "falling"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True)
class Change:
    """A difference of shares (0-1) or a slope; `interval`: 95 %, None where a figure has none of its own."""

    estimate: float
    interval: Interval | None
    movement: Movement


def change(later: DomainEstimate, earlier: DomainEstimate, *, covariance: float = 0.0) -> Change | None:
    """later - earlier; None where one has no estimate.

    Rising or falling is said only of figures that are `sufficient`, where the interval leaves 0 out. Periods are
    independent, for no sampling unit crosses a month; two parts of one estimation come with their `covariance`.
    """
    if later.estimate is None or earlier.estimate is None:
        return None
    d, a, b = later.estimate - earlier.estimate, later.interval, earlier.interval
    if a is None or b is None:
        return Change(d, None, Movement.CANNOT_TELL)
    alike = _correlation(later, earlier, covariance)
    low = d - _joined(later.estimate - a.low, b.high - earlier.estimate, alike)
    high = d + _joined(a.high - later.estimate, earlier.estimate - b.low, alike)
    within = Interval(a.level, low, high)
    settled = sufficient(later) and sufficient(earlier)
    return Change(d, within, movement_within(within) if settled else Movement.CANNOT_TELL)


def slope(months: Sequence[tuple[int, DomainEstimate]]) -> Change | None:
    """The least-squares slope per step of time of independent figures, each with its place in time.

    A thin figure widens the interval as far as it is unsure itself. None where one has no interval. Raises
    StatisticsError `trend` for fewer than two different times.
    """
    times = [float(time) for time, _ in months]
    centred = [time - sum(times) / len(times) for time in times]
    squares = sum(time**2 for time in centred)
    if not squares > 0:
        raise StatisticsError("trend", "Cần ít nhất hai kỳ khác nhau để tính xu hướng.")
    estimate = below = above = 0.0
    for time, (_, figure) in zip(centred, months, strict=True):
        if figure.estimate is None or figure.interval is None:
            return None
        weight, share = time / squares, figure.estimate
        down, up = weight * (share - figure.interval.low), weight * (figure.interval.high - share)
        estimate += weight * share
        below += (down if weight > 0 else up) ** 2
        above += (up if weight > 0 else down) ** 2
    within = Interval(0.95, estimate - sqrt(below), estimate + sqrt(above))
    return Change(estimate, within, movement_within(within))


def chance_of_fall(later: DomainEstimate, earlier: DomainEstimate) -> float | None:
    """One-sided: how rarely independent figures of one truth would fall so far; at least LEAST_CHANCE, at most 0.5.

    The level at which `change`'s interval ends at 0. None where one has no estimate or no n_eff.
    """
    if later.estimate is None or earlier.estimate is None or later.n_eff is None or earlier.n_eff is None:
        return None
    fall = earlier.estimate - later.estimate

    def explains(alpha: float) -> bool:
        up = float(upper_bound(later.estimate, later.n_eff, alpha)) - (later.estimate or 0.0)
        down = (earlier.estimate or 0.0) - float(lower_bound(earlier.estimate, earlier.n_eff, alpha))
        return hypot(up, down) >= fall

    if explains(0.5):
        return 0.5
    if not explains(LEAST_CHANCE):
        return LEAST_CHANCE
    rare, common = log(LEAST_CHANCE), log(0.5)
    for _ in range(_HALVINGS):
        middle = (rare + common) / 2
        rare, common = (middle, common) if explains(exp(middle)) else (rare, middle)
    return exp(rare)


def movement_within(interval: Interval) -> Movement:
    """On which side of 0 an interval of a change lies."""
    if interval.low > 0:
        return Movement.RISING
    return Movement.FALLING if interval.high < 0 else Movement.CANNOT_TELL


def _correlation(later: DomainEstimate, earlier: DomainEstimate, covariance: float) -> float:
    if not covariance or not later.variance or not earlier.variance:
        return 0.0
    return min(1.0, max(-1.0, covariance / sqrt(later.variance * earlier.variance)))


def _joined(own: float, other: float, alike: float) -> float:
    return sqrt(max(own**2 + other**2 - 2 * alike * own * other, 0.0))
