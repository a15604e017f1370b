"""How differently the silent would have to think for a verdict to turn: volunteers are no drawn sample."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from analysis.statistics.domains import DomainEstimate


@dataclass(slots=True)
class Overturn:
    """`points`: how much less satisfied those who did not answer would have to be than those who did, the same in each
    post-stratum, as a share (0.01 = one point; negative: more satisfied). `rho`: the data defect correlation that does
    the same to the point verdict (Meng, Annals of Applied Statistics 12, 2018), None for a target of 0 or 100 % and for
    a mean of sectors.
    `possible`: False where not even silent people all satisfied, or all dissatisfied, would turn it. `of_point` and
    `point_possible`: the same of the point verdict, where `points` is about the evidence."""

    points: float
    rho: float | None
    possible: bool
    of_point: float = 0.0
    point_possible: bool = True


def overturn(domain: DomainEstimate, threshold: Fraction, bound: float | None) -> Overturn | None:
    """What would turn a verdict on `one`; None where the response rate is unknown or 1 or more.

    With r the response rate and delta the difference, all dossiers have p - (1-r) delta. `bound`: the interval's end
    that settled the evidence (lower for met, upper for not met), None: the point verdict.
    """
    p, r, t = domain.estimate, domain.heard, float(threshold)
    if p is None or r is None or not 0 < r < 1:
        return None
    of_point = (p - t) / (1 - r)
    points = of_point if bound is None else (bound - t) / (1 - r)
    one_population = domain.mean_rate is None  # rho is about the silent of one
    rho = (p - t) / (t * (1 - t) * (1 - r) / r) ** 0.5 if 0 < t < 1 and one_population else None
    return Overturn(points, rho, p - 1 <= points <= p, of_point, p - 1 <= of_point <= p)
