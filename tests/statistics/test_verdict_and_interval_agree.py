"""Whoever reads the interval reads the verdict: over thousands of random figures the two never differ.

Figures of one domain, means of two sectors and wholes combined of provinces, with and without days; the digits that are
printed say the same, in both languages and beside levels that are no whole per cents.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from flask import Flask
from flask_babel import force_locale

from analysis.presentation import phrases
from analysis.statistics import (
    Cells,
    DomainEstimate,
    Estimation,
    Evidence,
    Point,
    Threshold,
    estimate,
    judge_all,
    mean_of,
)
from analysis.statistics.combine import combine
from analysis.statistics.verdicts.sufficiency import sufficient

pytestmark = pytest.mark.one_database

TARGETS = [">60", ">=70", ">79.99", "> 80", "≥80", ">80.005", ">=83,3 %", "=90", ">90", ">=95"]


@cache
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


def figures_of(shape: str, seed: int, *, days: bool) -> Sequence[DomainEstimate]:
    """Single domains; or of every two their mean as of two sectors; or of every three the whole they make."""
    single = random_figures(seed, days=days).domains
    match shape:
        case "domains":
            return single
        case "means of two sectors":
            return [mean_of([figure, other], "") for figure, other in zip(single, reversed(single), strict=True)]
        case _:
            return [combine(single[place : place + 3], "") for place in range(0, len(single), 3)]


SHAPES = pytest.mark.parametrize("shape", ["domains", "means of two sectors", "wholes of three provinces"])


@pytest.mark.parametrize("days", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
@SHAPES
def test_the_verdict_is_what_its_interval_says(shape: str, seed: int, days: bool) -> None:
    figures = figures_of(shape, seed, days=days)
    seen: set[Evidence] = set()
    for text in TARGETS:
        target = Threshold.parse(text)
        for figure, verdict in zip(figures, judge_all(figures, target), strict=True):
            assert verdict is not None
            assert verdict.evidence is told_by_interval(figure, target.threshold), (figure, text)
            assert (verdict.lower, verdict.upper) == (
                (figure.interval_90.low, figure.interval_90.high) if figure.interval_90 else (None, None)
            )
            if sufficient(figure):  # the tails say the same as the bounds
                assert (verdict.p_above < 0.05) == (verdict.evidence is Evidence.MET)
                assert (verdict.p_below < 0.05) == (verdict.evidence is Evidence.NOT_MET)
            seen.add(verdict.evidence)
    assert seen >= {Evidence.MET, Evidence.NOT_MET, Evidence.INCONCLUSIVE}


@pytest.mark.parametrize("language", ["vi", "en"])
@SHAPES
def test_the_printed_digits_say_what_the_verdict_says(app: Flask, shape: str, language: str) -> None:
    """Nobody reads "80,0 %" beside "> 80 %: met", nor an interval "from 80,0" beside "enough to say met"."""
    figures = figures_of(shape, 5, days=True)
    told = 0
    with app.test_request_context(), force_locale(language):
        for target in map(Threshold.parse, [">60", ">=70", ">79.99", ">80", ">80.005", ">=90"]):
            for figure, verdict in zip(figures, judge_all(figures, target), strict=True):
                if verdict is None or figure.interval_90 is None:
                    continue
                level = target.threshold * 100
                (share,) = read_back(phrases.share_beside(figure.estimate, verdict))
                assert (verdict.point is Point.MET) == (target.accepts((share > level) - (share < level))), (
                    figure,
                    target,
                )
                low, high = read_back(phrases.range_beside(figure.interval_90.low, figure.interval_90.high, verdict))
                if verdict.evidence is Evidence.MET:
                    assert low > level, (figure, target)
                elif verdict.evidence is Evidence.NOT_MET:
                    assert high < level, (figure, target)
                elif verdict.evidence is Evidence.INCONCLUSIVE:
                    assert low <= level <= high, (figure, target)
                told += 1
    assert told > 500


def read_back(text: str) -> list[Fraction]:
    """The per cents that stand in a text."""
    numbers = re.findall(r"\d+[.,]?\d*", text)
    return [Fraction(number.replace(",", ".")) for number in numbers]


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
