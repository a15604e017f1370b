"""How often a rise or a fall is said where nothing has changed, and how often one of ten points is seen.

    python -m benchmarks.change_errors [--samples 1000] [--seed 1]

Two months, or several, are drawn from one truth; both "up" and "down" are then false. Beside what is told
(`analysis.statistics.changes`) stands Student's t with the linearised variances and R's degrees of freedom, at the same
two-sided 95 %. "Seen": the later of two months lies ten points lower.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.statistics import (
    DomainEstimate,
    Movement,
    chance_of_fall,
    change,
    difference,
    estimate,
    linear_trend,
    slope,
    sufficient,
)
from analysis.statistics.variance.effective import Interval
from benchmarks.verdict_cases import Case, day_case, heavy_service_days, simulate, sizes
from survey.foundation.commands.progress import progress, shown

FULL, ICC, APART = 1_000, 0.10, 0.10
TRUTHS = (80, 93)


class Rates(NamedTuple):
    """Shares of samples in which a rise, and a fall, is said."""

    up: float
    down: float


def _days(name: str, days: Sequence[Sequence[int]]) -> Case:
    return day_case(name, [days], [50_000], ICC)


STEADY = _days("20 days of 15", [[15]] * 20)
MONTHS = (
    _days("12 answers on 4 days", [[3]] * 4),
    _days("40 answers on 8 days", [[5]] * 8),
    STEADY,
    _days("6 days of 50", [[50]] * 6),
    _days("20 unequal days, 1 to 60 answers", sizes(20, 1.0, 12)),
    _days("one day of 300 among 19 of 7", [[300]] + [[7]] * 19),
    day_case("80 % service seen on 2 of 20 days", heavy_service_days(2), [80_000, 20_000], ICC),
)
COURSES = {
    "3 months, the first of 12 answers": (MONTHS[0], STEADY, STEADY),
    "3 months, the last of 12 answers": (STEADY, STEADY, MONTHS[0]),
    "7 months, the first two of 12 answers": (*[MONTHS[0]] * 2, *[STEADY] * 5),
    "3 months of 6 days of 50": (MONTHS[3],) * 3,
}


def drawn(months: Sequence[Case], truths: Sequence[float], samples: int, seed: int) -> list[tuple[DomainEstimate, ...]]:
    """So many courses of independent months, each month with its truth (0-1)."""
    pairs = zip(months, truths, strict=True)
    each = [
        estimate(simulate(month, truth, samples, np.random.default_rng([seed, place]))).domains
        for place, (month, truth) in enumerate(pairs)
    ]
    return list(zip(*each, strict=True))


def told(courses: Sequence[Sequence[DomainEstimate]]) -> Rates:
    """What is said of two months, or of the course of more."""
    changes = [change(months[1], months[0]) if len(months) == 2 else slope([*enumerate(months)]) for months in courses]
    said = [Movement.CANNOT_TELL if moved is None else moved.movement for moved in changes]
    return Rates(said.count(Movement.RISING) / len(said), said.count(Movement.FALLING) / len(said))


def by_student(courses: Sequence[Sequence[DomainEstimate]]) -> Rates:
    """The same by Student's t, of whatever has a figure."""
    within = [interval for months in courses if (interval := _student(months)) is not None]
    return Rates(
        sum(interval.low > 0 for interval in within) / len(courses),
        sum(interval.high < 0 for interval in within) / len(courses),
    )


def _student(months: Sequence[DomainEstimate]) -> Interval | None:
    if len(months) == 2:
        step = difference(months[1], months[0])
        return step and step.interval
    shares = [month.estimate or 0.0 for month in months]
    variances = np.diag([month.variance or 0.0 for month in months])
    return linear_trend(shares, variances, df=sum(max(month.df, 0) for month in months)).interval


def falls(courses: Sequence[Sequence[DomainEstimate]], level: float) -> float:
    """How often `drop` opens a task at a level, among pairs it looks at; 0 where it looks at none."""
    looked_at = [(later, earlier) for earlier, later in courses if sufficient(later) and sufficient(earlier)]
    chances = [chance_of_fall(later, earlier) for later, earlier in looked_at]
    return sum(chance is not None and chance <= level for chance in chances) / max(len(chances), 1)


def main(arguments: list[str] | None = None) -> None:
    """Print a line a case and truth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=FULL)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    named = {f"{month.name}, then 20 of 15": (month, STEADY) for month in MONTHS} | COURSES
    print("| nothing changed | truth | told: up / down | Student's t: up / down | -10 points seen |")
    print("|---|---|---|---|---|")
    for name, months in progress(named.items(), "cases", len(named)):
        for percent in TRUTHS:
            truth = percent / 100
            courses = drawn(months, [truth] * len(months), asked.samples, asked.seed)
            ours, theirs = told(courses), by_student(courses)
            lower = drawn(months, [truth, truth - APART], asked.samples, asked.seed) if len(months) == 2 else None
            seen = "" if lower is None else f"{told(lower).down:.0%}".replace("%", " %")
            rates = (f"{100 * rate.up:.1f} / {100 * rate.down:.1f}" for rate in (ours, theirs))
            print(f"| {name} | {percent} % | {' | '.join(rates)} | {seen} |")


if __name__ == "__main__":
    with shown():
        main()
