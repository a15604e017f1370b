"""Whoever reads the interval reads the verdict: over thousands of random figures the two never differ."""

from fractions import Fraction

import numpy as np
import pytest

from analysis.statistics import Cells, DomainEstimate, Estimation, Evidence, Threshold, estimate, judge_all
from analysis.statistics.sufficiency import sufficient

TARGETS = [">60", ">=70", ">79.99", ">80", "=90", ">90", ">=95"]


def random_figures(seed: int, *, days: bool) -> Estimation:
    """500 agencies of one to four services, on days of very unequal size, near the targets and near 100 %."""
    rng = np.random.default_rng(seed)
    rows: dict[str, list] = {name: [] for name in ("stratum", "post", "psu", "n", "s", "N")}
    for agency in range(500):
        services, level = rng.integers(1, 5), rng.choice([0.6, 0.7, 0.8, 0.9, 0.97, 1.0])
        for service in range(services):
            seen = rng.integers(1, 25)
            sizes = np.minimum(np.maximum(1, rng.lognormal(1.5, rng.choice([0.2, 1.5]), size=seen)), 400).astype(int)
            likeness = rng.choice([0.01, 0.2])
            scale = (1 - likeness) / likeness
            shares = rng.beta(level * scale, max(1e-3, 1 - level) * scale, size=seen) if level < 1 else np.ones(seen)
            caseload = int(sizes.sum() * rng.integers(1, 40))
            for day, (n, share) in enumerate(zip(sizes.tolist(), shares.tolist(), strict=True)):
                rows["stratum"].append(f"a{agency:03d}")
                rows["post"].append(f"a{agency:03d}/{service}")
                rows["psu"].append(str(day) if days else None)
                rows["n"].append(n)
                rows["s"].append(int(rng.binomial(n, share)))
                rows["N"].append(caseload)
    return estimate(
        Cells.from_columns(
            stratum=rows["stratum"],
            post_stratum=rows["post"],
            psu=rows["psu"],
            domain=rows["stratum"],
            caseload=rows["N"],
            responses=rows["n"],
            satisfied=rows["s"],
        )
    )


def told_by_interval(domain: DomainEstimate, threshold: Fraction) -> Evidence:
    if not sufficient(domain) or domain.interval_90 is None:
        return Evidence.INSUFFICIENT
    if domain.interval_90.low > float(threshold):
        return Evidence.MET
    return Evidence.NOT_MET if domain.interval_90.high < float(threshold) else Evidence.INCONCLUSIVE


@pytest.mark.parametrize("days", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_verdict_is_what_its_interval_says(seed: int, days: bool) -> None:
    figures = random_figures(seed, days=days).domains
    seen: set[Evidence] = set()
    for text in TARGETS:
        target = Threshold.parse(text)
        for figure, verdict in zip(figures, judge_all(figures, target), strict=True):
            assert verdict.evidence is told_by_interval(figure, target.threshold), (figure, text)
            assert (verdict.lower, verdict.upper) == (
                (figure.interval_90.low, figure.interval_90.high) if figure.interval_90 else (None, None)
            )
            if sufficient(figure):  # the tails say the same as the bounds
                assert (verdict.p_above < 0.05) == (verdict.evidence is Evidence.MET)
                assert (verdict.p_below < 0.05) == (verdict.evidence is Evidence.NOT_MET)
            seen.add(verdict.evidence)
    assert seen == set(Evidence)


def test_a_higher_mark_is_never_easier_to_pass() -> None:
    """1,200 answers of 83 %: ">79.99" and ">80" may not differ by a rule that begins at 80 %."""
    order = [Evidence.NOT_MET, Evidence.INCONCLUSIVE, Evidence.MET]
    for domain in random_figures(4, days=True).domains:
        marks = [
            judge_all([domain], Threshold.parse(f">{mark}"))[0].evidence for mark in (75, 79, 79.99, 80, 80.01, 81, 85)
        ]
        if Evidence.INSUFFICIENT not in marks:
            places = [order.index(mark) for mark in marks]
            assert places == sorted(places, reverse=True)
