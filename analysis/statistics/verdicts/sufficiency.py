"""Whether a figure stands on enough answers, and on enough unlike days, for a verdict or a rank."""

from __future__ import annotations

from analysis.statistics.domains import DomainEstimate
from analysis.statistics.variance.effective import at_least

FEWEST = 30
DEGREES_TO_MENTION = 8  # below it the National Center for Health Statistics reviews a proportion (Parker et al. 2017)


def sufficient(domain: DomainEstimate) -> bool:
    """n >= 30 and n_eff >= 30; with PSUs df_effective >= 4 and kappa <= 2, without df > 0."""
    if domain.n < FEWEST or domain.n_eff is None or not at_least(domain.n_eff, FEWEST):
        return False
    return not domain.few_days if domain.clustered else domain.df > 0


def few_degrees(domain: DomainEstimate) -> bool:
    """Sufficient, but with so few degrees of freedom that a reader must be told: 4 <= df_effective < 8."""
    if domain.df_effective is None or at_least(domain.df_effective, DEGREES_TO_MENTION):
        return False
    return sufficient(domain)
