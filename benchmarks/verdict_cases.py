"""Samples of provinces for `verdict_errors`: who answers where and when, and how alike the answers of one day are.

A case fixes cells (stratum, post-stratum, PSU, answers), caseloads and what varies: true days whose answers correlate
by `icc`, in one counter's or all counters' answers, one day hanging on the day before (`memory`), counters that differ
(`counter_spread`), shares that differ between post-strata or drift over months (`offset`, of mean 0 over all dossiers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.statistics import Cells

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Case:
    """Per cell: design stratum, post-stratum, PSU (-1 = none), answers, the true day and counter they come from, and
    the offset of its true share; per post-stratum the caseload. `claimed`: the rule promises at most 6 % here.

    `other`: a second sector, judged with this one by the plain mean of the two; this one's truth lies `apart` above.
    """

    name: str
    stratum: Ints
    post: Ints
    psu: Ints
    responses: Ints
    caseload: Floats
    icc: float = 0.0
    day: Ints = field(default_factory=lambda: NONE)
    offset: Floats = field(default_factory=lambda: np.zeros(0))
    memory: float = 0.0
    counter: Ints = field(default_factory=lambda: NONE)
    counters: int = 0
    counter_spread: float = 0.0
    claimed: bool = True
    other: Case | None = None
    apart: float = 0.0


def strata_case(
    name: str, responses: Sequence[int], caseload: Sequence[float], spread: float = 0.0, *, claimed: bool = True
) -> Case:
    """One cell a stratum, no PSU (E1); strata lie alternately above and below the truth."""
    h, weights = np.arange(len(responses)), np.array(caseload, dtype=float)
    offset = _centred(np.where(h % 2 == 0, spread, -spread), weights)
    return Case(name, h, h, np.full(len(h), -1), np.array(responses), weights, offset=offset, claimed=claimed)


def day_case(name: str, days: Sequence[Sequence[Sequence[int]]], caseload: Sequence[float], icc: float) -> Case:
    """`days[a][c]` lists the answers that day c of agency a gave about each of the agency's services."""
    rows: list[tuple[int, int, int, int]] = []
    psu, first_post = 0, 0
    for a, agency in enumerate(days):
        for day in agency:
            rows += [(a, first_post + g, psu, n) for g, n in enumerate(day) if n]
            psu += 1
        first_post += len(agency[0])
    stratum, post, psus, n = (np.array(column) for column in zip(*rows, strict=True))
    return Case(name, stratum, post, psus, n, np.array(caseload, dtype=float), icc=icc, day=psus)


def _centred(offset: Floats, weights: Floats) -> Floats:
    return np.asarray(offset - float(weights @ offset) / float(weights.sum()))


def sizes(days: int, sigma: float, mean: float) -> list[list[int]]:
    """Days whose numbers of answers are the quantiles of a log-normal law: the same in every sample."""
    quantiles = np.exp(sigma * special.ndtri((np.arange(days) + 0.5) / days))
    return [[max(1, round(n))] for n in quantiles * mean / quantiles.mean()]


def heavy_service_days(days: int) -> list[list[list[int]]]:
    """One agency, 20 days of 10 answers about its light service, 60 about the heavy one on the first `days` of them."""
    return [[[60 // days, 10]] * days + [[0, 10]] * (20 - days)]


def _counters(name: str, *, seen: int, of: int, spread: float, per_day: int = 8) -> Case:
    """20 days at `seen` of the agency's `of` counters, which differ by `spread`; the truth is the mean of all."""
    rows = [(day, counter) for day in range(20) for counter in range(seen)]
    day, counter = (np.array(column) for column in zip(*rows, strict=True))
    zero = np.zeros(len(rows), dtype=np.int64)
    base = Case(name, zero, zero, day, np.full(len(rows), per_day), np.array([50_000.0]), icc=0.10, day=day)
    return replace(base, counter=counter, counters=of, counter_spread=spread, claimed=spread == 0)


def _two_sectors() -> list[Case]:
    """ "Giáo dục, y tế" in one clause: the plain mean of two sectors, of unlike days and 8 points apart."""
    hospital = day_case("mean of two sectors: 6 days of 40, 40 days of 6", [[[40]] * 6], [30_000], 0.10)
    schools = day_case("schools", [[[6]] * 40], [90_000], 0.10)
    unequal = day_case("mean of two sectors: 12 unequal days, 10 schools", [sizes(12, 1.0, 20)], [30_000], 0.10)
    ten = day_case("ten schools", [[[8]] * 2] * 10, [9_000] * 10, 0.10)
    no_days = day_case("mean of two sectors: 20 days of 12, 200 without a counter", [[[12]] * 20], [30_000], 0.10)
    loose = strata_case("without a counter", [200], [90_000])
    pairs = ((hospital, schools), (unequal, ten), (no_days, loose))
    return [replace(case, other=other, apart=0.04) for case, other in pairs]


def year_case(
    name: str,
    *,
    units: str,
    periods: int,
    drift: float = 0.04,
    months: Sequence[int] = (1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 8),
    icc: float = 0.05,
    memory: float = 0.0,
    steady: bool = False,
    claimed: bool = True,
) -> Case:
    """A year of three agencies, 20 days a month: kiosks rolled out (`months`: answers a day) while shares drift.

    `units`: "day" or "week" as PSU, cut at month ends; `periods`: post-strata a year (1 heap, 4 quarters, 12 months).
    Shares move from 4 points below their mean to 4 above: at mid-year, or `steady` from month to month.
    """
    rows = [
        (a, month * periods // 12 + a * periods, (a * 12 + month) * 20 + day, n, month)
        for a in range(3)
        for month, n in enumerate(months)
        for day in range(20)
        if n
    ]
    stratum, post, day, n, month = (np.array(column) for column in zip(*rows, strict=True))
    level = drift * (np.linspace(-1.0, 1.0, 12) if steady else np.where(np.arange(12) < 6, -1.0, 1.0))
    psu = day if units == "day" else day // 5
    caseload = np.full(3 * periods, 24_000.0 / periods)
    for silent in np.flatnonzero(np.bincount(post, minlength=3 * periods) == 0):  # pooled with what follows it
        caseload[silent + 1] += caseload[silent]
        caseload[silent] = 0.0
    base = Case(name, stratum, post, psu, n, caseload, icc=icc, day=day, offset=level[month])
    return replace(base, memory=memory, claimed=claimed)


def _with_wrong_caseload() -> Case:
    """Six services of unlike shares whose reported caseloads are 30 % too high or too low."""
    true = np.array([9_000.0, 6_000, 4_000, 3_000, 2_000, 1_000])
    case = strata_case("caseloads of 6 unlike services wrong by 30 %", [80] * 6, true.tolist(), 0.06, claimed=False)
    return replace(case, caseload=true * np.array([1.3, 0.7, 1.3, 0.7, 1.3, 0.7]))


def cases() -> list[Case]:
    """Those first that earlier versions of the rule failed, last those that this one does not claim."""
    giant = [[[40]] * 9, *[[[6]] * 10] * 8]
    communes: list[list[list[int]]] = [[[3]] * (1 + i % 4) for i in range(60)]
    cases_ = [
        day_case("one day of 200 holds 94 %, 20 days the rest", [[[200]], [[10]] * 20], [94_000, 6_000], 0.10),
        day_case("four agencies of one day each", [[[60]]] * 4, [5_000] * 4, 0.10),
        day_case("one day of 300 among 19 of 7", [[[300]] + [[7]] * 19], [50_000], 0.10),
        day_case("20 unequal days, 1 to 60 answers", [sizes(20, 1.0, 12)], [50_000], 0.10),
        day_case("24 very unequal days, 1 to 250 answers", [sizes(24, 1.6, 30)], [50_000], 0.10),
        *(
            day_case(f"80 % service seen on {k} of 20 days", heavy_service_days(k), [80_000, 20_000], 0.10)
            for k in (1, 2, 5, 10)
        ),
        _counters("8 counters that share their days", seen=8, of=8, spread=0.0, per_day=2),
        day_case("giant unit, 60 % of dossiers, 9 days; 8 of 10 days", giant, [60_000, *[5_000] * 8], 0.10),
        day_case("60 tiny communes, 1 to 4 days of 3 answers", communes, [300.0 + 10 * i for i in range(60)], 0.10),
        strata_case("1 answer in a 94 % stratum, 300 elsewhere", [1, 100, 100, 100], [94_000, 2_000, 2_000, 2_000]),
        strata_case("5 of 100 answers in a 66 % stratum", [5, 95], [66_000, 34_000]),
        strata_case("40 strata of 1 to 4, strata differ", [1, 2, 3, 4] * 10, [3_000, 800, 500, 200] * 10, 0.09),
        strata_case("30 answers, one stratum", [30], [100_000]),
        strata_case("400 answers, one stratum", [400], [100_000]),
    ]
    for icc in (0.05, 0.15):
        cases_ += [
            day_case(f"20 days of 15, ICC {icc:.2f}", [[[15]] * 20], [50_000], icc),
            day_case(f"6 days of 50, ICC {icc:.2f}", [[[50]] * 6], [50_000], icc),
            day_case(f"2 days in each of 10 agencies, ICC {icc:.2f}", [[[15]] * 2] * 10, [5_000] * 10, icc),
            day_case(
                f"5 agencies x 3 services x 12 days, ICC {icc:.2f}", [[[4, 2, 1]] * 12] * 5, [900, 600, 2_500] * 5, icc
            ),
        ]
    cases_ += _two_sectors()
    cases_ += _years()
    unclaimed = [
        day_case("10 days of 30, ICC 0.25", [[[30]] * 10], [50_000], 0.25),
        replace(day_case("60 days of 6, each like the day before (.5)", [[[6]] * 60], [50_000], 0.10), memory=0.5),
        _counters("2 of 6 counters, which differ by 4 points", seen=2, of=6, spread=0.04),
        _counters("2 of 6 counters, which differ by 8 points", seen=2, of=6, spread=0.08),
    ]
    return [*cases_, *(replace(case, claimed=False) for case in unclaimed), _with_wrong_caseload()]


def _years() -> list[Case]:
    lost = (0, 0, 0, 2, 2, 3, 4, 5, 6, 7, 8, 8)
    return [
        year_case("year, roll-out, drift; quarters, days", units="day", periods=4),
        year_case("year, roll-out, drift; quarters, weeks", units="week", periods=4),
        year_case("year, even answers, no drift; quarters, weeks", units="week", periods=4, drift=0, months=(3,) * 12),
        year_case("year, days alike (.5); quarters, weeks", units="week", periods=4, icc=0.1, memory=0.5),
        year_case("year, days alike (.5); quarters, days", units="day", periods=4, icc=0.1, memory=0.5, claimed=False),
        year_case(
            "year, days alike (.8); quarters, weeks", units="week", periods=4, icc=0.1, memory=0.8, claimed=False
        ),
        year_case("year, roll-out, drift; months, weeks", units="week", periods=12, claimed=False),
        year_case("year, roll-out, drift; one heap, weeks", units="week", periods=1, claimed=False),
        year_case("year, 3 months missing, drift", units="week", periods=4, months=lost, steady=True, claimed=False),
        year_case("year, roll-out, steady drift; quarters, weeks", units="week", periods=4, steady=True),
    ]


def simulate(case: Case, truth: float, replicates: int, rng: np.random.Generator) -> Cells:
    """`replicates` samples side by side, each a domain with strata, post-strata and PSUs of its own."""
    cells = len(case.responses)
    offset = case.offset if len(case.offset) else np.zeros(cells)
    p = np.broadcast_to(truth + offset, (replicates, cells))
    if case.counter_spread:
        effects = rng.normal(0.0, case.counter_spread, size=(replicates, case.counters))
        p = p + (effects - effects.mean(axis=1, keepdims=True))[:, case.counter]
    p = np.clip(p, 0.005, 0.995)
    if case.icc > 0:
        scale = (1 - case.icc) / case.icc
        if case.memory or case.counter_spread:
            chance = special.ndtr(_days(case, replicates, rng))[:, case.day]
            p = special.betaincinv(p * scale, (1 - p) * scale, chance)
        else:  # the same law, drawn quicker: one share for all cells of a day
            _, first, day = np.unique(case.day, return_index=True, return_inverse=True)
            p = rng.beta(p[:, first] * scale, (1 - p[:, first]) * scale)[:, day]
    return _side_by_side(case, rng.binomial(case.responses, p))


def _days(case: Case, replicates: int, rng: np.random.Generator) -> Floats:
    """Standard normal effects of the days; with `memory` each correlates so with the one before."""
    shock = rng.standard_normal((replicates, int(case.day.max()) + 1))
    if case.memory:
        for day in range(1, shock.shape[1]):
            shock[:, day] = case.memory * shock[:, day - 1] + np.sqrt(1 - case.memory**2) * shock[:, day]
    return shock


def _side_by_side(case: Case, satisfied: Ints) -> Cells:
    replicates, cells = satisfied.shape
    replicate = np.repeat(np.arange(replicates), cells)

    def shifted(codes: Ints, size: int) -> Ints:
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
