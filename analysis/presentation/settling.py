"""What would settle a verdict that is open: more days, more answers, a drawn sample, or nothing this period."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.figures.figure import Figure
from analysis.statistics import Evidence
from analysis.statistics.verdicts.sufficiency import FEWEST

OPEN = (Evidence.INCONCLUSIVE, Evidence.INSUFFICIENT)


@dataclass(frozen=True)
class Settling:
    """`what` would settle it, and how many of it where that is known.

    `few`: answers at all (`count`: those there are); `days`: answers of more days; `thin`: answers where there are few
    for their dossiers; `answers`: so many more like those so far, never more than there are, or it would be no advice;
    `drawn_sample`: so many dossiers drawn at random, never more than the period has; `nothing`: p is too near.
    """

    what: str
    count: int | None = None


def what_settles(figure: Figure) -> Settling | None:
    """None where the verdict is settled, or not judged."""
    verdict, estimate = figure.verdict, figure.estimate
    if verdict is None or estimate is None or verdict.evidence not in OPEN:
        return None
    if estimate.n < FEWEST:
        return Settling("few", estimate.n)
    if verdict.evidence is Evidence.INSUFFICIENT:
        return Settling("days" if estimate.few_days else "thin")
    if verdict.responses_needed and verdict.responses_needed <= estimate.n:
        return Settling("answers", verdict.responses_needed)
    return Settling("drawn_sample", verdict.drawn_sample) if verdict.drawn_sample else Settling("nothing")
