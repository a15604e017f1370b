"""The same verdict, were the silent a stated number of points less satisfied (or more) than those who answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.statistics.domains import DomainEstimate
from analysis.statistics.verdicts.verdict import Evidence, Point, Verdict

STEPS = (0.0, 0.02, 0.05, 0.10)


@dataclass(frozen=True, slots=True)
class Shifted:
    """`points`: how much less satisfied the silent are, as a share (negative: more); what would be said then."""

    points: float
    point: Point
    evidence: Evidence | None


def verdicts_at(domain: DomainEstimate, verdict: Verdict, steps: Sequence[float] = STEPS) -> tuple[Shifted, ...]:
    """The verdict at each step against it: a silent part less satisfied where it is met, more where it is not.

    All dossiers have r p + (1-r) (p - step), the silent's share kept within 0 and 1; the interval moves along.
    Empty where the response rate is unknown, or 1 or more.
    """
    p, r, t = domain.estimate, domain.heard, float(verdict.target.threshold)
    if p is None or r is None or not 0 < r < 1:
        return ()
    against = 1 if verdict.point is Point.MET else -1
    shifted = []
    for step in steps:
        moved = (1 - r) * (min(max(p - against * step, 0.0), 1.0) - p)
        sign = (p + moved > t) - (p + moved < t)
        point = (Point.MET if verdict.target.accepts(sign) else Point.NOT_MET) if moved else verdict.point
        shifted.append(Shifted(against * step + 0.0, point, _evidence(verdict, moved, t)))
    return tuple(shifted)


def _evidence(verdict: Verdict, moved: float, threshold: float) -> Evidence | None:
    if not moved or verdict.evidence in (None, Evidence.INSUFFICIENT) or verdict.lower is None or verdict.upper is None:
        return verdict.evidence
    if verdict.lower + moved > threshold:
        return Evidence.MET
    return Evidence.NOT_MET if verdict.upper + moved < threshold else Evidence.INCONCLUSIVE
