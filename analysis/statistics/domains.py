"""One estimate per domain: every column as an array, then one object each."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from analysis.statistics import effective
from analysis.statistics.cells import Cells
from analysis.statistics.coverage import Coverage
from analysis.statistics.effective import Interval
from analysis.statistics.effects import design_effects
from analysis.statistics.exact import Exact, exact_shares
from analysis.statistics.grouping import Floats, Groups, Ints, divide, where
from analysis.statistics.linear import DomainSums
from analysis.statistics.sample import Sample
from analysis.statistics.weights import Weighting


@dataclass(slots=True)
class DomainEstimate:
    """One domain's figure. Shares are fractions 0-1; whatever is undefined is None, never NaN.

    `n` counts the responses behind the weighted estimate (all of them where there is none); `responses`, `satisfied`
    and `unweighted` take every answer of the domain, also those no weight exists for. `caseload` is the N of the
    domain's post-strata (None where the domain crosses post-strata), `response_rate` = responses / caseload: above 1
    where answers have no caseload to stand beside (a warning says so). `interval`
    is the 95 % one, `interval_90` the one shown beside a verdict. `design_based_size` is the third term of n_eff;
    `clustered` says whether counter-days were known, so that means of estimates can be guarded alike;
    `few_counter_days` that a heavy part was seen on too few of them for an evidence verdict, and `alike_days_size` what
    the answers are worth if a day's answers are as alike as they often are (None without counter-days).
    """

    domain: str
    estimate: float | None
    standard_error: float | None
    variance: float | None
    df: int
    n: int
    sum_of_weights: float | None
    design_effect: float | None
    kish_design_effect: float | None
    n_eff: float | None
    interval: Interval | None
    interval_90: Interval | None
    unweighted: float | None
    satisfied: int
    responses: int
    caseload: float | None
    response_rate: float | None
    coverage: float | None
    coverage_adequate: float | None
    clustered: bool = False
    design_based_size: float | None = field(repr=False, default=None)
    few_counter_days: bool = field(repr=False, default=False)
    alike_days_size: float | None = field(repr=False, default=None)
    exact: Exact = field(compare=False, repr=False, default=Exact(None))

    @property
    def exact_estimate(self) -> Fraction | None:
        """The estimate as a ratio of integers; None when raked, of non-integer caseloads, or undefined."""
        return self.exact.of(self.domain)


@dataclass(frozen=True, eq=False)
class PlainCounts:
    """Unweighted counts over every answer of each domain, also those no weight exists for, (D,).

    `share` is sum z / sum a of the method (top2: satisfied / responses), NaN where nobody answered.
    """

    responses: Ints
    satisfied: Ints
    share: Floats


def plain_counts(cells: Cells) -> PlainCounts:
    """The cells of each domain added up, whatever they weigh."""
    inside = where(cells.reported)
    groups = Groups(cells.domain[inside], len(cells.domain_labels))

    def total(values: Ints) -> Floats:
        return groups.total(values[inside])

    responses, satisfied = total(cells.responses), total(cells.satisfied)
    above, below = satisfied, responses
    if cells.ratio is not None:
        above, below = total(cells.ratio.numerator), total(cells.ratio.denominator) * cells.ratio.scale
    return PlainCounts(responses.astype(np.int64), satisfied.astype(np.int64), divide(above, below))


def domain_estimates(
    cells: Cells,
    weighting: Weighting,
    sample: Sample,
    sums: DomainSums,
    plain: PlainCounts,
    reach: Coverage,
    variance: Floats,
    design_based: Floats,
    alike_days: Floats,
    few_counter_days: Set[int],
) -> tuple[DomainEstimate, ...]:
    """Every column of the result as an array, then one object per domain."""
    p, weights = sums.ratio, sums.weights
    n = np.where(weights > 0, sums.responses, plain.responses)
    df = (sample.units - sample.strata).astype(np.int64)
    deff, kish = design_effects(cells, sample, sums, variance)
    n_eff = effective.effective_sample_size(
        n=n.astype(np.float64),
        p=p,
        variance=variance,
        design_based=design_based,
        df=df.astype(np.float64),
        clustered=cells.has_psu,
    )
    variance = np.where(np.isfinite(p), variance, np.nan)
    shares = {
        "estimate": p,
        "standard_error": np.sqrt(variance),
        "variance": variance,
        "design_effect": deff,
        "kish_design_effect": kish,
        "n_eff": n_eff,
        "design_based_size": design_based,
        "alike_days_size": alike_days,
        "unweighted": plain.share,
        "caseload": reach.caseload,
        "response_rate": plain.responses / reach.caseload,
        "coverage": reach.covered,
        "coverage_adequate": reach.adequate,
    }
    counts = {"df": df, "n": n, "satisfied": plain.satisfied, "responses": plain.responses}
    others = {
        "sum_of_weights": weights.tolist(),
        "interval": _intervals(p, n_eff, 0.95),
        "interval_90": _intervals(p, n_eff, 0.90),
        "clustered": [cells.has_psu] * len(p),
        "few_counter_days": [code in few_counter_days for code in range(len(p))],
        "exact": [exact_shares(cells, weighting)] * len(p),
    }
    columns: dict[str, Sequence[Any]] = {"domain": cells.domain_labels}
    columns |= {name: _or_none(values) for name, values in shares.items()}
    columns |= {name: values.tolist() for name, values in counts.items()}
    columns |= others
    return tuple(map(DomainEstimate, *(columns[name] for name in DomainEstimate.__slots__)))


def mean_of(estimates: Sequence[DomainEstimate], domain: str) -> DomainEstimate:
    """The plain mean of k estimates of unlike populations ("giáo dục, y tế"): p = sum p / k, V = sum V / k^2.

    For domains that share no design stratum, so no covariance. Visits and pupils do not add: caseload, response rate,
    sum of weights and design effects are None. n_eff is guarded as for one domain, its third term being
    k^2 / sum (1 / third). All None when one of them has no estimate.
    """
    k = len(estimates)
    p, variance, unweighted = (_mean(estimates, name) for name in ("estimate", "variance", "unweighted"))
    variance = None if variance is None else variance / k
    third = _joint_size([one.design_based_size for one in estimates])
    n, df = sum(one.n for one in estimates), sum(one.df for one in estimates)
    clustered = any(one.clustered for one in estimates)
    n_eff = effective.effective_sample_size(
        n=np.array([float(n)]),
        p=np.array([np.nan if p is None else p]),
        variance=np.array([variance or 0.0]),
        design_based=np.array([third]),
        df=np.array([float(df)]),
        clustered=clustered,
    )
    share = np.array([np.nan if p is None else p])
    return DomainEstimate(
        domain=domain,
        estimate=p,
        standard_error=None if variance is None else variance**0.5,
        variance=variance,
        df=df,
        n=n,
        sum_of_weights=None,
        design_effect=None,
        kish_design_effect=None,
        n_eff=_or_none(n_eff)[0],
        interval=_intervals(share, n_eff, 0.95)[0],
        interval_90=_intervals(share, n_eff, 0.90)[0],
        unweighted=unweighted,
        satisfied=sum(one.satisfied for one in estimates),
        responses=sum(one.responses for one in estimates),
        caseload=None,
        response_rate=None,
        coverage=_mean(estimates, "coverage"),
        coverage_adequate=_mean(estimates, "coverage_adequate"),
        clustered=clustered,
        design_based_size=None if p is None else float(third),
        alike_days_size=float(_joint_size([one.alike_days_size for one in estimates])) if clustered else None,
        few_counter_days=any(one.few_counter_days for one in estimates),
        exact=Exact(lambda _: _exact_mean(estimates)),
    )


def _joint_size(sizes: Sequence[float | None]) -> float:
    """k^2 / sum (1 / size): the answers a plain mean is worth; None is infinite."""
    total = sum(1 / size for size in sizes if size is not None)
    return len(sizes) ** 2 / total if total else np.inf


def _mean(estimates: Sequence[DomainEstimate], name: str) -> float | None:
    values: list[float | None] = [getattr(one, name) for one in estimates]
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def _exact_mean(estimates: Sequence[DomainEstimate]) -> Fraction | None:
    shares = [one.exact_estimate for one in estimates]
    known = [share for share in shares if share is not None]
    return sum(known, Fraction(0)) / len(known) if known and len(known) == len(shares) else None


def _intervals(p: Floats, n_eff: Floats, level: float) -> list[Interval | None]:
    alpha = (1 - level) / 2
    low = effective.lower_bound(p, n_eff, alpha).tolist()
    high = effective.upper_bound(p, n_eff, alpha).tolist()
    return [None if a != a or b != b else Interval(level, a, b) for a, b in zip(low, high, strict=True)]


def _or_none(values: Floats) -> list[float | None]:
    finite = np.isfinite(values)
    return list((values if finite.all() else np.where(finite, values, None)).tolist())  # type: ignore[call-overload]
