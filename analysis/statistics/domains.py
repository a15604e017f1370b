"""One estimate per domain: every column as an array, then one object each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np

from analysis.statistics.cells.cells import Cells
from analysis.statistics.cells.grouping import Bools, Floats, Groups, Ints, divide, where
from analysis.statistics.cells.weights import Weighting
from analysis.statistics.variance import effective
from analysis.statistics.variance.coverage import Coverage
from analysis.statistics.variance.effective import Interval
from analysis.statistics.variance.effects import design_effects
from analysis.statistics.variance.exact import Exact, exact_shares
from analysis.statistics.variance.linear import DomainSums
from analysis.statistics.variance.sample import Sample
from analysis.statistics.variance.working_model import WorkingModel

FEWEST_DEGREES = 4
MOST_BIAS = 2


@dataclass(slots=True)
class DomainEstimate:
    """One domain's figure. Shares are fractions 0-1; whatever is undefined is None, never NaN.

    `n` counts the responses behind the weighted estimate (all of them where there is none); `responses` (received),
    `satisfied` and `unweighted` take every answer of the domain, also those no weight exists for. `caseload` is the N
    of the domain's post-strata (None where the domain crosses post-strata), `response_rate` = n / caseload. `interval`
    is the 95 % one, `interval_90` the one shown beside a verdict.

    `df` is R's, PSUs - strata; `clustered` says whether PSUs were known. If so, `df_effective` and `kappa` are the
    degrees of freedom and the bias of V under the working model (None: no stratum with two PSUs; `kappa` also where V
    can show nothing), and `model_seen` A, `model_expected` E, `model_total` Gamma the variances they come from.
    `design_based_size` is the third term of n_eff; `mean_rate` the mean of the parts' response rates, of a mean only.
    `converged`: whether the weights meet what is known of the caseload.
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
    df_effective: float | None = None
    kappa: float | None = None
    clustered: bool = False
    converged: bool = field(repr=False, default=True)
    design_based_size: float | None = field(repr=False, default=None)
    model_seen: float | None = field(repr=False, default=None)
    model_expected: float | None = field(repr=False, default=None)
    model_total: float | None = field(repr=False, default=None)
    mean_rate: float | None = field(repr=False, default=None)
    exact: Exact = field(compare=False, repr=False, default=Exact(None))

    @property
    def exact_estimate(self) -> Fraction | None:
        """The estimate as a ratio of integers; None when raked, of non-integer caseloads, or undefined."""
        return self.exact.of(self.domain)

    @property
    def heard(self) -> float | None:
        """r of "how wrong would it have to be": were the silent d less satisfied, all dossiers have p - (1-r) d."""
        return self.response_rate if self.mean_rate is None else self.mean_rate

    @property
    def degrees(self) -> float | None:
        """Degrees of freedom of V for a test: effective where PSUs are known, otherwise answers - strata."""
        return self.df_effective if self.clustered else float(self.df)

    def with_caseload(self, caseload: float, n: int | None) -> DomainEstimate:
        """The same with an N known from elsewhere (above 0) and the rate of `n` answers in it; None: no rate."""
        return replace(self, caseload=caseload, response_rate=None if n is None else n / caseload)

    @property
    def few_days(self) -> bool:
        """PSUs are known, but too few or too unequal ones to judge V by: df_effective < 4 or kappa > 2."""
        if not self.clustered or self.estimate is None:
            return False
        if self.df_effective is None or self.kappa is None:
            return True
        return not (effective.at_least(self.df_effective, FEWEST_DEGREES) and effective.at_most(self.kappa, MOST_BIAS))


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
    model: WorkingModel,
    *,
    alone: bool = False,
) -> tuple[DomainEstimate, ...]:
    """Every column of the result as an array, then one object per domain.

    `alone`: whether PSUs are known is asked of each domain by itself.
    """
    p, weights = sums.ratio, sums.weights
    n = np.where(weights > 0, sums.responses, plain.responses)
    df = (sample.units - sample.strata).astype(np.int64)
    deff, kish = design_effects(cells, sample, sums, variance)
    guarded = {"n": n.astype(np.float64), "p": p, "variance": variance, "design_based": design_based}
    clustered = _clustered(cells, alone=alone)
    n_eff = _effective_sizes(guarded, model, clustered)
    model = model if clustered.all() else model.only(clustered)
    variance = np.where(np.isfinite(p), variance, np.nan)
    shares = {
        "estimate": p,
        "standard_error": np.sqrt(variance),
        "variance": variance,
        "design_effect": deff,
        "kish_design_effect": kish,
        "n_eff": n_eff,
        "df_effective": model.df,
        "kappa": np.where(model.seen > 0, model.bias, np.nan),
        "design_based_size": design_based,
        "model_seen": model.seen,
        "model_expected": model.expected,
        "model_total": model.total,
        "unweighted": plain.share,
        "caseload": reach.caseload,
        "response_rate": n / reach.caseload,
        "coverage": reach.covered,
        "coverage_adequate": reach.adequate,
    }
    counts = {"df": df, "n": n, "satisfied": plain.satisfied, "responses": plain.responses}
    others = {
        "sum_of_weights": weights.tolist(),
        "interval": intervals(p, n_eff, 0.95),
        "interval_90": intervals(p, n_eff, 0.90),
        "clustered": clustered.tolist(),
        "converged": [weighting.converged] * len(p),
        "mean_rate": [None] * len(p),
        "exact": [exact_shares(cells, weighting)] * len(p),
    }
    columns: dict[str, Sequence[Any]] = {"domain": cells.domain_labels}
    columns |= {name: _or_none(values) for name, values in shares.items()}
    columns |= {name: values.tolist() for name, values in counts.items()} | others
    return tuple(map(DomainEstimate, *(columns[name] for name in DomainEstimate.__slots__)))


def _effective_sizes(guarded: Mapping[str, Floats], model: WorkingModel, clustered: Bools) -> Floats:
    """n_eff of each domain (D,): by the working model where PSUs are known."""
    plain = effective.effective_sample_size(**guarded)
    if not clustered.any():
        return plain
    by_days = effective.clustered_sample_size(**guarded, df=model.df, bias=model.bias, alike=model.total)
    return np.where(clustered, by_days, plain)


def _clustered(cells: Cells, *, alone: bool) -> Bools:
    """Which domains (D,) are of a design with known PSUs: all or none, or, `alone`, those that have one."""
    domains = len(cells.domain_labels)
    if not (alone and cells.has_psu):
        return np.full(domains, cells.has_psu)
    return np.bincount(cells.domain[cells.reported & (cells.psu >= 0)], minlength=domains) > 0


def intervals(p: Floats, n_eff: Floats, level: float) -> list[Interval | None]:
    """The two-sided beta interval of each figure, (D,); None where there is none."""
    alpha = (1 - level) / 2
    low = effective.lower_bound(p, n_eff, alpha).tolist()
    high = effective.upper_bound(p, n_eff, alpha).tolist()
    return [None if a != a or b != b else Interval(level, a, b) for a, b in zip(low, high, strict=True)]


def _or_none(values: Floats) -> list[float | None]:
    finite = np.isfinite(values)
    return list((values if finite.all() else np.where(finite, values, None)).tolist())  # type: ignore[call-overload]
