"""One estimate out of several that share no design stratum: a mean of shares with given weights.

p = sum w p, V = sum w^2 V, and so for every variance that stands behind n_eff. With the parts' own sums of weights it
is what estimating them all at once gives (`tests/statistics/test_combine.py`); with equal weights it is the plain mean
of unlike populations (`sector_mean`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from analysis.statistics.cells.grouping import Floats
from analysis.statistics.domains import DomainEstimate, intervals
from analysis.statistics.variance import effective
from analysis.statistics.variance.exact import Exact
from analysis.statistics.variance.working_model import bias_of

_MOST_PARTS = 10_000


def combine(estimates: Sequence[DomainEstimate], domain: str) -> DomainEstimate:
    """The estimate of a whole, a country say, from those of its k >= 1 parts, its provinces say.

    Each part weighs by its sum of weights, the caseload behind its estimate; parts without answers weigh nothing, as in
    an estimate of all at once, and lower the coverage. `caseload` is that of all parts, None where one is unknown.
    Raises ValueError without parts.
    """
    if not estimates:
        raise ValueError("nothing to combine")
    weighing = [estimate for estimate in estimates if estimate.estimate is not None and estimate.sum_of_weights]
    sums = [_exact_sum(estimate.sum_of_weights or 0.0) for estimate in weighing]
    whole = sum(sums, Fraction(0))
    shares = [part / whole for part in sums]
    counts = {name: sum(getattr(estimate, name) for estimate in estimates) for name in ("satisfied", "responses")}
    caseload = _sum_of(estimates, "caseload")
    mean = weighted_mean(weighing, shares, domain)
    mean.satisfied, mean.responses = counts["satisfied"], counts["responses"]
    mean.unweighted = _unweighted(estimates)
    mean.sum_of_weights = float(whole)
    mean.caseload = caseload
    mean.response_rate = mean.n / caseload if caseload else None
    mean.coverage, mean.coverage_adequate = (
        _by_caseload(estimates, name) for name in ("coverage", "coverage_adequate")
    )
    if not weighing:
        mean.n = counts["responses"]
    if caseload is None:  # the domain crosses post-strata: its sum of weights is estimated, and so no ratio of integers
        mean.exact = Exact(None)
    return mean


def weighted_mean(estimates: Sequence[DomainEstimate], weights: Sequence[Fraction], domain: str) -> DomainEstimate:
    """sum w p of k estimates, the weights summing to 1; all None when one of them has no estimate.

    Caseload, response rate, sum of weights, coverage and design effects are None. n_eff is guarded as for one domain,
    its third term being 1 / sum (w^2 / third), with the parts' variances under the working model added up likewise;
    it is None when a part has none.
    """
    p = _weighted(estimates, "estimate", [float(weight) for weight in weights])
    squares = [float(weight * weight) for weight in weights]
    variance = _weighted(estimates, "variance", squares)
    seen, expected, total = (
        _model(estimates, name, squares) for name in ("model_seen", "model_expected", "model_total")
    )
    clustered = any(estimate.clustered for estimate in estimates)
    df, kappa = (_degrees(estimates, squares), _kappa(seen, expected)) if clustered else (None, None)
    third = _joint_size([estimate.design_based_size for estimate in estimates], squares)
    n = sum(estimate.n for estimate in estimates)
    share = _column(p)
    guarded = {"n": _column(n), "p": share, "variance": _column(variance or 0.0), "design_based": _column(third)}
    n_eff = (
        effective.clustered_sample_size(
            **guarded, df=_column(df), bias=bias_of(_column(seen), _column(expected)), alike=_column(total)
        )
        if clustered
        else effective.effective_sample_size(**guarded)
    )
    if any(estimate.n_eff is None for estimate in estimates):
        n_eff = _column(None)
    return DomainEstimate(
        domain=domain,
        estimate=p,
        standard_error=None if variance is None else variance**0.5,
        variance=variance,
        df=sum(estimate.df for estimate in estimates),
        n=n,
        sum_of_weights=None,
        design_effect=None,
        kish_design_effect=None,
        n_eff=None if np.isnan(n_eff[0]) else float(n_eff[0]),
        interval=intervals(share, n_eff, 0.95)[0],
        interval_90=intervals(share, n_eff, 0.90)[0],
        unweighted=_weighted(estimates, "unweighted", [float(weight) for weight in weights]),
        satisfied=sum(estimate.satisfied for estimate in estimates),
        responses=sum(estimate.responses for estimate in estimates),
        caseload=None,
        response_rate=None,
        coverage=None,
        coverage_adequate=None,
        df_effective=df,
        kappa=kappa,
        clustered=clustered,
        converged=all(estimate.converged for estimate in estimates),
        design_based_size=None if p is None else third,
        model_seen=seen,
        model_expected=expected,
        model_total=total,
        exact=Exact(lambda _: _exact_mean(estimates, weights)),
    )


def _exact_sum(weights: float) -> Fraction:
    """The sum of caseloads that a float was rounded from: dossiers are whole, and cut months have small fractions."""
    return Fraction(weights).limit_denominator(_MOST_PARTS)


def _weighted(estimates: Sequence[DomainEstimate], name: str, weights: Sequence[float]) -> float | None:
    values = [getattr(estimate, name) for estimate in estimates]
    if not values or None in values:
        return None
    return float(sum(weight * value for weight, value in zip(weights, values, strict=True)))


def _model(estimates: Sequence[DomainEstimate], name: str, squares: Sequence[float]) -> float:
    """A, E or Gamma of the mean: sum w^2. Without PSUs each answer is one, and the third term says it all."""
    return sum(square * _part(estimate, name) for square, estimate in zip(squares, estimates, strict=True))


def _part(domain: DomainEstimate, name: str) -> float:
    if domain.clustered:
        return getattr(domain, name) or 0.0
    return 1 / domain.design_based_size if domain.design_based_size else 0.0


def _degrees(estimates: Sequence[DomainEstimate], squares: Sequence[float]) -> float | None:
    """Satterthwaite: (sum A)^2 / sum (A^2 / df)."""
    parts = [
        (square * _part(estimate, "model_seen"), estimate.degrees)
        for square, estimate in zip(squares, estimates, strict=True)
    ]
    known = [(seen, df) for seen, df in parts if seen and df]
    return sum(seen for seen, _ in known) ** 2 / sum(seen**2 / df for seen, df in known) if known else None


def _kappa(seen: float, expected: float) -> float | None:
    kappa = float(bias_of(_column(seen), _column(expected))[0])
    return kappa if seen and np.isfinite(kappa) else None


def _joint_size(sizes: Sequence[float | None], squares: Sequence[float]) -> float:
    """1 / sum (w^2 / size): the answers a mean is worth; None is infinite."""
    total = sum(square / size for size, square in zip(sizes, squares, strict=True) if size is not None)
    return 1 / total if total else np.inf


def _exact_mean(estimates: Sequence[DomainEstimate], weights: Sequence[Fraction]) -> Fraction | None:
    total = Fraction(0)
    for estimate, weight in zip(estimates, weights, strict=True):
        share = estimate.exact_estimate
        if share is None:
            return None
        total += weight * share
    return total if estimates else None


def _sum_of(estimates: Sequence[DomainEstimate], name: str) -> float | None:
    values = [getattr(estimate, name) for estimate in estimates]
    return None if None in values else float(sum(values))


def _by_caseload(estimates: Sequence[DomainEstimate], name: str) -> float | None:
    """A share of the caseload, of all parts together."""
    parts = [(estimate.caseload, getattr(estimate, name)) for estimate in estimates]
    known = [(caseload, share) for caseload, share in parts if caseload is not None and share is not None]
    total = float(sum(caseload for caseload, _ in known))
    if len(known) < len(parts) or not total:
        return None
    return float(sum(caseload * share for caseload, share in known)) / total


def _unweighted(estimates: Sequence[DomainEstimate]) -> float | None:
    """Every answer alike, by the answers of each part."""
    answered = [estimate for estimate in estimates if estimate.responses and estimate.unweighted is not None]
    total = sum(estimate.responses for estimate in answered)
    return float(sum((e.unweighted or 0.0) * e.responses for e in answered)) / total if total else None


def _column(value: float | None) -> Floats:
    return np.array([np.nan if value is None else value], dtype=np.float64)
