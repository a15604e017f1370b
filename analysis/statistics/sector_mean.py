"""The plain mean of unlike populations: visits to a doctor and pupils at school do not add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from analysis.statistics.combine import weighted_mean
from analysis.statistics.domains import DomainEstimate


def mean_of(estimates: Sequence[DomainEstimate], domain: str) -> DomainEstimate:
    """The plain mean of k estimates ("giáo dục, y tế"): p = sum p / k, V = sum V / k^2.

    For domains that share no design stratum, so no covariance. Caseload, response rate, sum of weights and design
    effects are None; `mean_rate` is the mean of their response rates, for a difference that is the same in each. n_eff
    is guarded as for one domain (`weighted_mean`). All None when one of them has no estimate, and n_eff when one has
    none.
    """
    mean = weighted_mean(estimates, [Fraction(1, len(estimates))] * len(estimates), domain)
    return replace(
        mean,
        unweighted=_mean(estimates, "unweighted"),
        coverage=_mean(estimates, "coverage"),
        coverage_adequate=_mean(estimates, "coverage_adequate"),
        mean_rate=_mean(estimates, "response_rate"),
    )


def _mean(estimates: Sequence[DomainEstimate], name: str) -> float | None:
    values: list[float | None] = [getattr(estimate, name) for estimate in estimates]
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known and len(known) == len(values) else None
