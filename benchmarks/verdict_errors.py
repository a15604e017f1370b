"""How often a verdict is wrong when the truth sits exactly on the target: ours beside four usual rules.

    python -m benchmarks.verdict_errors [--quick] [--seed 1]

Every replicate is a domain of its own, so that one call of `estimate` judges thousands. With the truth on the target
both "met" and "not met" are false; each should happen at most 5 % of the time. A rate is printed with "!" when it lies
above 5 % by more than three standard errors of the simulation.

The rivals use the same estimate and variance, and speak from 30 answers on: Wald and logit intervals (z), Wilson and
beta (Korn-Graubard) intervals with n_eff = p(1-p)/V. "no days" is our rule blind to counter-days.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.statistics import Cells, Estimation, Evidence, Target, estimate, judge_all
from analysis.statistics.effective import lower_bound, upper_bound

Floats = NDArray[np.float64]
Z = 1.6448536269514722
THRESHOLDS = (60, 70, 80, 90)
FULL, QUICK = 10_000, 400


@dataclass(frozen=True)
class Case:
    """One province's sample: per cell, design stratum, post-stratum, counter-day (-1 = none), answers; per post-stratum
    the caseload. `icc` is the likeness of answers of one counter-day, `spread` how far post-strata lie from the target.
    """

    name: str
    stratum: NDArray[np.int64]
    post: NDArray[np.int64]
    psu: NDArray[np.int64]
    responses: NDArray[np.int64]
    caseload: Floats
    icc: float = 0.0
    spread: float = 0.0


def strata_case(name: str, responses: Sequence[int], caseload: Sequence[float], spread: float = 0.0) -> Case:
    """One cell a stratum, no counter-days (E1)."""
    h = np.arange(len(responses))
    return Case(name, h, h, np.full(len(h), -1), np.array(responses), np.array(caseload, dtype=float), spread=spread)


def day_case(name: str, days: Sequence[Sequence[Sequence[int]]], caseload: Sequence[float], icc: float) -> Case:
    """`days[a][c]` lists the answers that counter-day c of agency a gave about each of the agency's services."""
    rows: list[tuple[int, int, int, int]] = []
    psu, first_post = 0, 0
    for a, agency in enumerate(days):
        for day in agency:
            rows += [(a, first_post + g, psu, n) for g, n in enumerate(day) if n]
            psu += 1
        first_post += len(agency[0])
    stratum, post, psus, n = (np.array(column) for column in zip(*rows, strict=True))
    return Case(name, stratum, post, psus, n, np.array(caseload, dtype=float), icc=icc)


def cases() -> list[Case]:
    """The hard ones first: those that earlier versions of the rule failed."""
    found = [
        day_case("one counter-day of 200 holds 94 %, 20 days the rest", [[[200]], [[10]] * 20], [94_000, 6_000], 0.10),
        day_case("one counter-day of 200 and nothing else", [[[200]]], [10_000], 0.10),
        day_case("four agencies of one counter-day each", [[[60]]] * 4, [5_000] * 4, 0.10),
        *(
            day_case(f"80 % service seen on {k} of 20 days", heavy_service_days(k), [80_000, 20_000], 0.10)
            for k in (1, 2, 5, 10)
        ),
        strata_case("1 answer in a 94 % stratum, 300 elsewhere", [1, 100, 100, 100], [94_000, 2_000, 2_000, 2_000]),
        strata_case("5 of 100 answers in a 66 % stratum", [5, 95], [66_000, 34_000]),
        strata_case("5 of 100 in a 66 % stratum, strata differ", [5, 95], [66_000, 34_000], spread=0.08),
        strata_case("40 strata of 1 to 4 answers", [1, 2, 3, 4] * 10, [3_000, 800, 500, 200] * 10),
        strata_case("40 strata of 1 to 4, strata differ", [1, 2, 3, 4] * 10, [3_000, 800, 500, 200] * 10, spread=0.09),
        strata_case("30 answers, one stratum", [30], [100_000]),
        strata_case("400 answers, one stratum", [400], [100_000]),
        strata_case("12 proportional strata, 600 answers", [50] * 12, [2_000] * 12, spread=0.09),
    ]
    for icc in (0.05, 0.10, 0.15):
        found += [
            day_case(f"20 counter-days of 15, ICC {icc:.2f}", [[[15]] * 20], [50_000], icc),
            day_case(f"6 counter-days of 50, ICC {icc:.2f}", [[[50]] * 6], [50_000], icc),
            day_case(f"2 counter-days in each of 10 agencies, ICC {icc:.2f}", [[[15]] * 2] * 10, [5_000] * 10, icc),
            day_case(
                f"5 agencies x 3 services x 12 days, ICC {icc:.2f}", [[[4, 2, 1]] * 12] * 5, [900, 600, 2_500] * 5, icc
            ),
        ]
    return found


def heavy_service_days(days: int) -> list[list[list[int]]]:
    """One agency, 20 days of 10 answers about its light service, 60 about the heavy one on the first `days` of them."""
    return [[[60 // days, 10]] * days + [[0, 10]] * (20 - days)]


def simulate(case: Case, truth: float, replicates: int, rng: np.random.Generator) -> Cells:
    """`replicates` samples side by side, each a domain with strata, post-strata and counter-days of its own."""
    shares = _shares(case, truth)
    cells = len(case.responses)
    p = np.broadcast_to(shares[case.post], (replicates, cells))
    if case.icc > 0:
        scale = (1 - case.icc) / case.icc
        days = rng.beta(truth * scale, (1 - truth) * scale, size=(replicates, int(case.psu.max()) + 1))
        p = days[:, case.psu]
    satisfied = rng.binomial(case.responses, p)
    return _side_by_side(case, satisfied)


def _shares(case: Case, truth: float) -> Floats:
    """True share of each post-stratum: alternately above and below, the weighted mean exactly the truth."""
    sign = np.where(np.arange(len(case.caseload)) % 2 == 0, 1.0, -1.0)
    weight = case.caseload / case.caseload.sum()
    return np.asarray(truth + case.spread * (sign - weight @ sign) / (1 + abs(weight @ sign)))


def _side_by_side(case: Case, satisfied: NDArray[np.int64]) -> Cells:
    replicates, cells = satisfied.shape
    replicate = np.repeat(np.arange(replicates), cells)

    def shifted(codes: NDArray[np.int64], size: int) -> NDArray[np.int64]:
        tiled = np.tile(codes, replicates)
        return np.where(tiled >= 0, tiled + replicate * size, -1)

    strata, posts = int(case.stratum.max()) + 1, len(case.caseload)
    conditional = bool(np.all(case.psu < 0))
    names = tuple(map(str, range(replicates * strata)))
    post_names = names if conditional else tuple(f"g{i}" for i in range(replicates * posts))
    return Cells(
        stratum=shifted(case.stratum, strata),
        post_stratum=shifted(case.post, posts),
        psu=shifted(case.psu, int(case.psu.max()) + 1),
        domain=replicate,
        responses=np.tile(case.responses, replicates),
        satisfied=satisfied.ravel(),
        caseload=np.tile(case.caseload, replicates),
        stratum_labels=names,
        post_stratum_labels=post_names,
        domain_labels=tuple(map(str, range(replicates))),
    )


@dataclass(frozen=True)
class Rates:
    """Shares of replicates falsely called "met" and "not met"."""

    met: float
    not_met: float


Rule = Callable[[Cells, Estimation, float], Rates]


def ours(cells: Cells, result: Estimation, threshold: float) -> Rates:
    verdicts = judge_all(result.domains, Target(">", Fraction(round(threshold * 100), 100)))
    evidence = [None if one is None else one.evidence for one in verdicts]
    return Rates(
        sum(one is Evidence.MET for one in evidence) / len(evidence),
        sum(one is Evidence.NOT_MET for one in evidence) / len(evidence),
    )


def blind_to_days(cells: Cells, result: Estimation, threshold: float) -> Rates:
    return ours(cells, estimate(replace(cells, psu=np.full(len(cells), -1)), fpc=False), threshold)


def _numbers(result: Estimation) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    p = np.array([one.estimate for one in result.domains], dtype=np.float64)
    v = np.array([one.variance for one in result.domains], dtype=np.float64)
    return p, v, np.array([one.n >= 30 for one in result.domains])


def _rates(low: Floats, high: Floats, enough: NDArray[np.bool_], threshold: float) -> Rates:
    return Rates(float(np.mean(enough & (low > threshold))), float(np.mean(enough & (high < threshold))))


def wald(cells: Cells, result: Estimation, threshold: float) -> Rates:
    p, v, enough = _numbers(result)
    return _rates(p - Z * np.sqrt(v), p + Z * np.sqrt(v), enough, threshold)


def logit(cells: Cells, result: Estimation, threshold: float) -> Rates:
    p, v, enough = _numbers(result)
    inside = (p > 0) & (p < 1)
    safe = np.where(inside, p, 0.5)
    margin = Z * np.sqrt(v) / (safe * (1 - safe))
    low, high = special.expit(special.logit(safe) - margin), special.expit(special.logit(safe) + margin)
    return _rates(np.where(inside, low, p), np.where(inside, high, p), enough, threshold)


def _korn_graubard(p: Floats, v: Floats) -> Floats:
    return np.where(v > 0, p * (1 - p) / np.where(v > 0, v, 1.0), 1e9)


def wilson(cells: Cells, result: Estimation, threshold: float) -> Rates:
    p, v, enough = _numbers(result)
    n = _korn_graubard(p, v)
    centre, margin = p + Z**2 / (2 * n), Z * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return _rates((centre - margin) / (1 + Z**2 / n), (centre + margin) / (1 + Z**2 / n), enough, threshold)


def beta(cells: Cells, result: Estimation, threshold: float) -> Rates:
    p, v, enough = _numbers(result)
    n = _korn_graubard(p, v)
    return _rates(lower_bound(p, n, 0.05), upper_bound(p, n, 0.05), enough, threshold)


RULES: dict[str, Rule] = {
    "ours": ours,
    "Wald": wald,
    "logit": logit,
    "Wilson": wilson,
    "beta": beta,
    "no days": blind_to_days,
}


def errors(case: Case, percent: int, replicates: int, seed: int) -> dict[str, Rates]:
    """Every rule's false verdicts on the same samples."""
    rng = np.random.default_rng([seed, percent, replicates])
    cells = simulate(case, percent / 100, replicates, rng)
    result = estimate(cells, fpc=False)
    return {name: rule(cells, result, percent / 100) for name, rule in RULES.items()}


def excess(rate: float, replicates: int) -> bool:
    """Above 5 % by more than three standard errors of the simulation."""
    return bool(rate > 0.05 + 3 * np.sqrt(0.05 * 0.95 / replicates))


def print_table(replicates: int, seed: int) -> None:
    print(f"False verdicts in %, truth exactly on the target, {replicates} samples each: met / not met\n")
    print("| case | target | " + " | ".join(RULES) + " |")
    print("|---|---|" + "---|" * len(RULES))
    for case in cases():
        for percent in THRESHOLDS:
            found = errors(case, percent, replicates, seed)
            shown = [f"{_cell(one.met, replicates)} / {_cell(one.not_met, replicates)}" for one in found.values()]
            print(f"| {case.name} | {percent} % | " + " | ".join(shown) + " |", flush=True)


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
    cells = _side_by_side(case, rng.binomial(n, seen, size=(replicates, 1)))
    return ours(cells, estimate(cells, fpc=False), truth).met


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
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} samples instead of {FULL}")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    replicates = QUICK if options.quick else FULL
    print_table(replicates, options.seed)
    print_volunteers(replicates, options.seed)


if __name__ == "__main__":
    main()
