"""How often a verdict is wrong when the truth sits exactly on the target, and how often it is right five points away.

    python -m benchmarks.verdict_errors [--samples 1000] [--case TEXT] [--seed 1]

Every replicate is a domain of its own, so that one call of `estimate` judges thousands. With the truth on the target
both "met" and "not met" are false; the rule promises that each happens at most 6 % of the time. A rate is printed with
"!" when it lies above 6 % by more than three standard errors of the simulation; a case named with "*" is one the rule
does not claim. "Power": how often ours says "met" with the truth five points above, "not met" five points below.

The rivals see the same estimate, variance and R's degrees of freedom, and speak from 30 answers on: svyciprop's "mean",
"logit" and "asin" (Student's t), "beta" with Korn and Graubard's t-ratio, and Wilson with n_eff = p(1-p)/V.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.statistics import DomainEstimate, Evidence, Threshold, estimate, judge_all, mean_of
from analysis.statistics.variance.effective import lower_bound, upper_bound
from benchmarks.verdict_cases import Case, cases, simulate, strata_case

Floats = NDArray[np.float64]
ALPHA = 0.05
PROMISE = 0.06
DISTANCE = 0.05
THRESHOLDS = (60, 70, 80, 90)
FULL, QUICK = 1_000, 200


@dataclass(frozen=True)
class Rates:
    """Shares of replicates falsely called "met" and "not met"."""

    met: float
    not_met: float


Domains = Sequence[DomainEstimate]
Rule = Callable[[Domains, float], Rates]


def ours(domains: Domains, threshold: float) -> Rates:
    verdicts = judge_all(domains, Threshold(">", Fraction(round(threshold * 100), 100)))
    evidence = [None if verdict is None else verdict.evidence for verdict in verdicts]
    return Rates(
        sum(judged is Evidence.MET for judged in evidence) / len(evidence),
        sum(judged is Evidence.NOT_MET for judged in evidence) / len(evidence),
    )


@dataclass(frozen=True)
class Numbers:
    """What the rivals see of every domain, (D,): p, V, n, R's degrees of freedom, and whether they speak."""

    p: Floats
    v: Floats
    n: Floats
    df: Floats
    enough: NDArray[np.bool_]


def _numbers(domains: Domains) -> Numbers:
    p, v, n, df = (
        np.array([getattr(domain, name) for domain in domains], dtype=np.float64)
        for name in ("estimate", "variance", "n", "df")
    )
    return Numbers(p, v, n, df, (n >= 30) & (df > 0))


def _quantile(df: Floats) -> Floats:
    return np.asarray(special.stdtrit(np.maximum(df, 1), 1 - ALPHA))


def _rates(low: Floats, high: Floats, enough: NDArray[np.bool_], threshold: float) -> Rates:
    return Rates(float(np.mean(enough & (low > threshold))), float(np.mean(enough & (high < threshold))))


def mean(domains: Domains, threshold: float) -> Rates:
    numbers = _numbers(domains)
    margin = _quantile(numbers.df) * np.sqrt(numbers.v)
    return _rates(numbers.p - margin, numbers.p + margin, numbers.enough, threshold)


def logit(domains: Domains, threshold: float) -> Rates:
    numbers = _numbers(domains)
    inside = (numbers.p > 0) & (numbers.p < 1)
    safe = np.where(inside, numbers.p, 0.5)
    margin = _quantile(numbers.df) * np.sqrt(numbers.v) / (safe * (1 - safe))
    low, high = special.expit(special.logit(safe) - margin), special.expit(special.logit(safe) + margin)
    return _rates(np.where(inside, low, numbers.p), np.where(inside, high, numbers.p), numbers.enough, threshold)


def asin(domains: Domains, threshold: float) -> Rates:
    numbers = _numbers(domains)
    centre, margin = np.arcsin(np.sqrt(numbers.p)), _quantile(numbers.df) * np.sqrt(_asin_variance(numbers))
    low, high = (np.sin(np.clip(centre + side * margin, 0, np.pi / 2)) ** 2 for side in (-1, 1))
    return _rates(low, high, numbers.enough, threshold)


def _asin_variance(numbers: Numbers) -> Floats:
    """By the delta method: V / (4 p (1-p)); 0 at p = 0 and 1."""
    return np.where((numbers.p > 0) & (numbers.p < 1), 1 / (4 * _worth(numbers)), 0.0)


def _worth(numbers: Numbers) -> Floats:
    return np.where(numbers.v > 0, numbers.p * (1 - numbers.p) / np.where(numbers.v > 0, numbers.v, 1.0), 1e9)


def wilson(domains: Domains, threshold: float) -> Rates:
    numbers, z = _numbers(domains), special.ndtri(1 - ALPHA)
    n = _worth(numbers)
    centre, margin = numbers.p + z**2 / (2 * n), z * np.sqrt(numbers.p * (1 - numbers.p) / n + z**2 / (4 * n**2))
    return _rates((centre - margin) / (1 + z**2 / n), (centre + margin) / (1 + z**2 / n), numbers.enough, threshold)


def beta(domains: Domains, threshold: float) -> Rates:
    numbers = _numbers(domains)
    n = _worth(numbers) * (_quantile(numbers.n - 1) / _quantile(numbers.df)) ** 2
    return _rates(lower_bound(numbers.p, n, ALPHA), upper_bound(numbers.p, n, ALPHA), numbers.enough, threshold)


RULES: dict[str, Rule] = {"ours": ours, "mean": mean, "logit": logit, "asin": asin, "beta": beta, "Wilson": wilson}


def errors(case: Case, percent: int, replicates: int, seed: int) -> dict[str, Rates]:
    """Every rule's false verdicts on the same samples."""
    domains = _sampled(case, percent, percent / 100, replicates, seed)
    return {name: rule(domains, percent / 100) for name, rule in RULES.items()}


def power(case: Case, percent: int, replicates: int, seed: int) -> Rates:
    """How often ours is right with the truth five points above the target (met) and below (not met)."""
    above, below = (
        ours(_sampled(case, percent, percent / 100 + shift, replicates, seed), percent / 100)
        for shift in (DISTANCE, -DISTANCE)
    )
    return Rates(above.met, below.not_met)


def _sampled(case: Case, percent: int, truth: float, replicates: int, seed: int) -> Domains:
    """Each replicate's estimate; of a case of two sectors their plain mean, the first as far above as the other below.

    Two sectors are two estimations, as in the service: they share no design stratum.
    """
    rng = np.random.default_rng([seed, percent, replicates, round(truth * 1000)])
    first = estimate(simulate(case, truth + case.apart, replicates, rng), fpc=False).domains
    if case.other is None:
        return first
    second = estimate(simulate(case.other, truth - case.apart, replicates, rng), fpc=False).domains
    return [mean_of(pair, "") for pair in zip(first, second, strict=True)]


def excess(rate: float, replicates: int) -> bool:
    """Above 6 % by more than three standard errors of the simulation."""
    return bool(rate > PROMISE + 3 * np.sqrt(PROMISE * (1 - PROMISE) / replicates))


def print_table(chosen: Sequence[Case], replicates: int, seed: int) -> None:
    print(f"False verdicts in %, truth exactly on the target, {replicates} samples each: met / not met\n")
    print("| target | " + " | ".join(RULES) + " | power |")
    print("|---|" + "---|" * (len(RULES) + 1))
    for case in chosen:
        promised = "" if case.claimed else r" \*"
        print(f"| *{case.name}{promised}* |")
        for percent in THRESHOLDS:
            rates = errors(case, percent, replicates, seed)
            right = power(case, percent, replicates, seed)
            shown = [f"{_cell(rate.met, replicates)} / {_cell(rate.not_met, replicates)}" for rate in rates.values()]
            shown.append(f"{right.met * 100:.0f} / {right.not_met * 100:.0f}")
            print(f"| {percent} % | " + " | ".join(shown) + " |", flush=True)


def _cell(rate: float, replicates: int) -> str:
    return f"{rate * 100:.1f}" + ("!" if excess(rate, replicates) else "")


ODDS = (1.0, 1.05, 1.1, 1.2, 1.5, 2.0)
SIZES = (100, 400, 1_600, 6_400)


def volunteer_errors(odds: float, n: int, percent: int, replicates: int, seed: int) -> float:
    """False "met" when a satisfied owner's odds of answering are `odds` times another's; the truth is the target."""
    truth = percent / 100
    seen = truth * odds / (truth * odds + 1 - truth)
    case = strata_case("volunteers", [n], [1_000_000])
    rng = np.random.default_rng([seed, n, percent, round(odds * 100)])
    cells = simulate(case, seen, replicates, rng)
    return ours(estimate(cells, fpc=False).domains, truth).met


def print_volunteers(replicates: int, seed: int) -> None:
    print('\nOur false "met" in %, truth exactly 80 %, when the satisfied answer more readily\n')
    print("| odds of answering, satisfied to others | share seen | " + " | ".join(f"n = {n}" for n in SIZES) + " |")
    print("|---|---|" + "---|" * len(SIZES))
    for odds in ODDS:
        seen = 0.8 * odds / (0.8 * odds + 0.2)
        shown = [f"{volunteer_errors(odds, n, 80, replicates, seed) * 100:.1f}" for n in SIZES]
        print(f"| {odds:g} | {seen * 100:.1f} % | " + " | ".join(shown) + " |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=FULL, help="samples of each row")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} samples")
    parser.add_argument("--case", default="", help="only cases whose name holds this text")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    replicates = QUICK if options.quick else options.samples
    print_table([case for case in cases() if options.case in case.name], replicates, options.seed)
    if not options.case:
        print_volunteers(replicates, options.seed)


if __name__ == "__main__":
    main()
