"""How often ranks tell units of one truth apart, and how many pairs they tell apart that do differ.

    python -m benchmarks.rank_errors [--samples 500] [--seed 1]

All units have one truth, so a family in which any unit is better than another is false; ranks promise at most 5 %.
Beside what is told (`analysis.statistics.rank`) stands Holm over Student's t at each pair's Welch degrees of freedom
(`rank_sets`). "Seen": every other unit lies ten points lower; the share of such pairs that are told apart.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np

from analysis.statistics import Cells, DomainEstimate, RankInterval, estimate, rank, rank_sets, sufficient
from survey.foundation.commands.progress import progress, shown

FULL, APART = 500, 0.10
TRUTHS = (80, 95)
ICCS = (0.02, 0.10)

Units = Sequence[Sequence[int]]  # of each unit, how many answered on each of its days
GIANT, COMMUNE = [200] * 200, [5] * 20
FAMILIES: dict[str, Units] = {
    "10 alike, 20 days of 5": [COMMUNE] * 10,
    "a giant and 1 of 20 days of 5": [GIANT, COMMUNE],
    "a giant and 9 of 20 days of 5": [GIANT] + [COMMUNE] * 9,
    "a giant and 9 of 50 days of 2": [GIANT] + [[2] * 50] * 9,
    "a giant and 9 of 12 days of 10": [GIANT] + [[10] * 12] * 9,
    "5 giants and 5 of 20 days of 5": [GIANT] * 5 + [COMMUNE] * 5,
    "30 of 6 days of 40": [[40] * 6] * 30,
}


def drawn(units: Units, truths: Sequence[float], icc: float, random: np.random.Generator) -> list[DomainEstimate]:
    """One family: a unit's days vary around its truth (0-1) as a beta distribution of intraclass correlation `icc`."""
    names = [f"{place:03d}" for place, days in enumerate(units) for _ in days]
    sizes = np.concatenate([np.asarray(days) for days in units])
    means = np.repeat(truths, [len(days) for days in units])
    shares = random.beta(means * (1 / icc - 1), (1 - means) * (1 / icc - 1))
    cells = Cells.from_columns(
        stratum=names,
        post_stratum=names,
        domain=names,
        psu=[str(day) for days in units for day in range(len(days))],
        caseload=[100_000] * len(names),
        responses=sizes,
        satisfied=random.binomial(sizes, shares),
    )
    return list(estimate(cells).domains)


def told(units: Sequence[DomainEstimate]) -> list[RankInterval]:
    """What readers are told."""
    return [interval for interval in rank(units, _variances(units)) if interval]


def by_student(units: Sequence[DomainEstimate]) -> list[RankInterval]:
    """By Student's t; a variance of 0 is that of a share drawn to the middle, so that unanimity is no certainty."""
    chosen = [unit for unit in units if sufficient(unit)]
    sizes, shares = (np.array([getattr(unit, name) for unit in chosen]) for name in ("n_eff", "estimate"))
    middle = (sizes * shares + 1) / (sizes + 2)
    own = _variances(chosen)
    np.fill_diagonal(own, np.where(np.diag(own) > 0, np.diag(own), middle * (1 - middle) / sizes))
    return rank_sets(shares, own, df=np.array([unit.degrees for unit in chosen]))


def _variances(units: Sequence[DomainEstimate]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.diag([unit.variance or 0.0 for unit in units])


def pairs_told_apart(ranks: Sequence[RankInterval]) -> int:
    """Each pair once: K - 1 - (worst - best) are better or worse than a unit."""
    return sum(len(ranks) - 1 - (interval.worst - interval.best) for interval in ranks) // 2


def errors(units: Units, truth: float, icc: float, samples: int, seed: int) -> tuple[float, float]:
    """Shares of families told falsely: ours, and by Student's t."""
    random = np.random.default_rng(seed)
    families = [drawn(units, [truth] * len(units), icc, random) for _ in range(samples)]
    ours, theirs = (
        sum(pairs_told_apart(ranked(family)) > 0 for family in families) / samples for ranked in (told, by_student)
    )
    return ours, theirs


def power(units: Units, truth: float, icc: float, samples: int, seed: int) -> tuple[float, float]:
    """Of the pairs that differ by ten points, how many are told apart: ours, and by Student's t."""
    random = np.random.default_rng(seed)
    truths = [truth - APART * (place % 2) for place in range(len(units))]
    families = [drawn(units, truths, icc, random) for _ in range(samples)]
    pairs = samples * (len(units) // 2) * (len(units) - len(units) // 2)
    ours, theirs = (sum(map(pairs_told_apart, map(ranked, families))) / pairs for ranked in (told, by_student))
    return ours, theirs


def main(arguments: list[str] | None = None) -> None:
    """Print a line a family, truth and correlation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=FULL)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    print("| nothing differs | truth | ICC | told | Student's t | 10 points seen: told | Student's t |")
    print("|---|---|---|---|---|---|---|")
    lines = [(name, percent, icc) for name in FAMILIES for percent in TRUTHS for icc in ICCS]
    for name, percent, icc in progress(lines, "families", len(lines)):
        units, truth = FAMILIES[name], percent / 100
        false = errors(units, truth, icc, asked.samples, asked.seed)
        seen = power(units, truth, icc, max(1, asked.samples // 5), asked.seed)
        rates = [f"{100 * rate:.1f}" for rate in false] + [f"{100 * rate:.0f} %" for rate in seen]
        print(f"| {name} | {percent} % | {icc} | {' | '.join(rates)} |")


if __name__ == "__main__":
    with shown():
        main()
