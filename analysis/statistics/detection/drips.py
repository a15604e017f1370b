"""Slow stuffing: a few answers more each day, too few for any hour to stand out.

Daily counts are negative binomial (days differ by more than chance); what was estimated from few days is taken at its
unfavourable end. `benchmarks/drips.py` simulates how often this cries wolf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy

MONTH = 23
"""Days the chance is reckoned over: those of a whole month, so that looking every night spends no more than once."""
SLACK = 1.25
"""The cumulative sum grows from a quarter more than usual on."""
WIDEST = 600
"""A sum above this counts as this: its chance is then overstated."""


@dataclass(frozen=True)
class DayModel:
    """What a day brings when nothing is wrong: negative binomial, variance mean + mean²/size."""

    mean: float
    size: float

    def at_least(self, answers: int) -> float:
        """The chance of so many or more."""
        if answers <= 0:
            return 1.0
        return float(scipy.special.betainc(answers, self.size, self.mean / (self.mean + self.size)))


@dataclass(frozen=True)
class Rise:
    """The cumulative sum was highest on day `last` and began to grow on day `first` (positions, inclusive)."""

    first: int
    last: int
    p: float


def usual_day(counts: Sequence[int]) -> DayModel:
    """From the counts of earlier days (D >= 2): two standard errors above the mean, half as much more spread."""
    days = np.asarray(counts, dtype=np.float64)
    mean, variance = float(days.mean()), float(days.var(ddof=1))
    upper = mean + 2 * float(np.sqrt(max(variance, mean, 0.25) / days.size))
    beyond_chance = max(1.5 * variance - mean, 0.1 * upper)
    return DayModel(upper, max(upper * upper / beyond_chance, 0.5))


def rise(counts: Sequence[int], usual: DayModel) -> Rise | None:
    """Where a month's daily counts lie above the usual for longest and highest; None where they never do.

    One-sided cumulative sum S = max(0, S + x - k), k = 1.25 usual days, a day counting no more than 2 k: one crowded
    day is no drip, and bursts are looked for elsewhere. `p` is the chance that it gets so high within
    a month: absorption of its Markov chain, Brook and Evans, Biometrika 59 (1972).
    """
    reference = int(np.ceil(SLACK * usual.mean))
    total, began, highest = 0, 0, Rise(0, 0, 1.0)
    peak = 0
    for day, answers in enumerate(counts):
        if total == 0:
            began = day
        total = max(0, total + min(answers, 2 * reference) - reference)
        if total > peak:
            peak, highest = total, Rise(began, day, 1.0)
    if not peak:
        return None
    return Rise(highest.first, highest.last, _reaches(min(peak, WIDEST), reference, usual))


def _reaches(height: int, reference: int, usual: DayModel) -> float:
    """The chance that the sum reaches `height` within a month."""
    states = np.arange(height)
    # P(day >= 0 … height + reference), then P(day = …)
    tail = np.array([usual.at_least(count) for count in range(height + reference + 1)])
    exactly = tail[:-1] - tail[1:]
    step = states[None, :] - states[:, None] + reference
    moves = np.where(step >= 0, exactly[np.clip(step, 0, exactly.size - 1)], 0.0)
    room = reference - states
    moves[:, 0] = np.where(room >= 0, 1 - tail[np.clip(room + 1, 0, tail.size - 1)], 0.0)
    below = np.zeros(height)
    below[0] = 1.0
    for _day in range(MONTH):
        below = below @ moves
    return float(np.clip(1 - below.sum(), 0.0, 1.0))
