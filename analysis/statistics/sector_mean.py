"""The plain mean of unlike populations: visits to a doctor and pupils at school do not add."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from analysis.statistics import effective
from analysis.statistics.domains import DomainEstimate, intervals
from analysis.statistics.exact import Exact
from analysis.statistics.grouping import Floats
from analysis.statistics.working_model import bias_of


def mean_of(estimates: Sequence[DomainEstimate], domain: str) -> DomainEstimate:
    """The plain mean of k estimates ("giáo dục, y tế"): p = sum p / k, V = sum V / k^2.

    For domains that share no design stratum, so no covariance. Caseload, response rate, sum of weights and design
    effects are None; `mean_rate` is the mean of their response rates, for a difference that is the same in each. n_eff
    is guarded as for one domain, its third term being k^2 / sum (1 / third), with the parts' variances under the
    working model added up. All None when one of them has no estimate, and n_eff when one has none.
    """
    p, variance, unweighted = (_mean(estimates, name) for name in ("estimate", "variance", "unweighted"))
    variance = None if variance is None else variance / len(estimates)
    seen, expected, total = (_model(estimates, name) for name in ("model_seen", "model_expected", "model_total"))
    clustered = any(estimate.clustered for estimate in estimates)
    df, kappa = (_degrees(estimates), _kappa(seen, expected)) if clustered else (None, None)
    third = _joint_size([estimate.design_based_size for estimate in estimates])
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
        unweighted=unweighted,
        satisfied=sum(estimate.satisfied for estimate in estimates),
        responses=sum(estimate.responses for estimate in estimates),
        caseload=None,
        response_rate=None,
        coverage=_mean(estimates, "coverage"),
        coverage_adequate=_mean(estimates, "coverage_adequate"),
        df_effective=df,
        kappa=kappa,
        clustered=clustered,
        converged=all(estimate.converged for estimate in estimates),
        design_based_size=None if p is None else third,
        model_seen=seen,
        model_expected=expected,
        model_total=total,
        mean_rate=_mean(estimates, "response_rate"),
        exact=Exact(lambda _: _exact_mean(estimates)),
    )


def _model(estimates: Sequence[DomainEstimate], name: str) -> float:
    """A, E or Gamma of the mean: sum / k^2. Without PSUs each answer is one, and the third term says it all."""
    return sum(_part(estimate, name) for estimate in estimates) / len(estimates) ** 2


def _part(domain: DomainEstimate, name: str) -> float:
    if domain.clustered:
        return getattr(domain, name) or 0.0
    return 1 / domain.design_based_size if domain.design_based_size else 0.0


def _degrees(estimates: Sequence[DomainEstimate]) -> float | None:
    """Satterthwaite: (sum A)^2 / sum (A^2 / df)."""
    parts = [(_part(estimate, "model_seen"), estimate.degrees) for estimate in estimates]
    known = [(seen, df) for seen, df in parts if seen and df]
    return sum(seen for seen, _ in known) ** 2 / sum(seen**2 / df for seen, df in known) if known else None


def _kappa(seen: float, expected: float) -> float | None:
    kappa = float(bias_of(_column(seen), _column(expected))[0])
    return kappa if seen and np.isfinite(kappa) else None


def _joint_size(sizes: Sequence[float | None]) -> float:
    """k^2 / sum (1 / size): the answers a plain mean is worth; None is infinite."""
    total = sum(1 / size for size in sizes if size is not None)
    return len(sizes) ** 2 / total if total else np.inf


def _mean(estimates: Sequence[DomainEstimate], name: str) -> float | None:
    values: list[float | None] = [getattr(estimate, name) for estimate in estimates]
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None


def _exact_mean(estimates: Sequence[DomainEstimate]) -> Fraction | None:
    shares = [estimate.exact_estimate for estimate in estimates]
    known = [share for share in shares if share is not None]
    return sum(known, Fraction(0)) / len(known) if known and len(known) == len(shares) else None


def _column(value: float | None) -> Floats:
    return np.array([np.nan if value is None else value], dtype=np.float64)
