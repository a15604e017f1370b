"""The parts that pull a figure down or up: each with its own figure, asked of the service like any other.

What a part contributes is worked out on the weights of the whole figure, where thin post-strata may be pooled with
those of other parts. Its share, n and received are never worked out here: they are the breakdown's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from analysis.figures.figure import Figure, Figures
from analysis.figures.service import answer
from analysis.statistics.contributions import Contribution, contributions
from survey.foundation.caching.object_cache import once_for_each
from survey.foundation.formatting import VISIBLE


@dataclass(frozen=True)
class ShownContribution:
    """A part of a figure: `gap` to the target in shares, `weight` its share of the caseload, `figure` its own.

    `other_base`: the gap is visibly not `weight` times the figure's distance from the target, because pools differ.
    """

    part: str
    gap: float
    weight: float
    figure: Figure
    other_base: bool


@dataclass(frozen=True)
class Remainder:
    """Several parts together: those that come after the strongest, and all that no figure is shown of."""

    gap: float
    weight: float


@dataclass(frozen=True)
class GapContributions:
    """Parts whose gaps sum, with the rest's, to the distance between estimate and target; strongest pull down first."""

    gap: float
    parts: tuple[ShownContribution, ...]
    rest: Remainder | None

    @property
    def has_other_base(self) -> bool:
        """Whether a part's own figure stands on other pools than its contribution."""
        return any(part.other_base for part in self.parts)


def gap_contributions(
    whole: Figures, by: str, level: float, parts: Figures | None = None, most: int | None = None
) -> GapContributions | None:
    """The parts of a figure by ``agency`` or ``service`` against a level (0-1); None without a weighted estimate.

    `parts`: the breakdown's figures, asked where they are not given; `most`: how many parts stand alone.
    """
    if whole.total.estimate is None:
        return None
    stored_contributions = _contributions_of(whole, by, level)
    if not stored_contributions:
        return None
    asked = parts or answer(replace(whole.question, by=by), whole.threshold)
    figures = {
        figure.domain: figure for figure in asked.figures if figure.estimate and figure.estimate.estimate is not None
    }
    shown = [contribution for contribution in stored_contributions if contribution.part in figures]
    strongest = sorted(shown, key=lambda contribution: -abs(contribution.gap))[:most]
    alone = {contribution.part for contribution in strongest}
    chosen = tuple(
        _shown(contribution, figures[contribution.part], level) for contribution in shown if contribution.part in alone
    )
    others = [contribution for contribution in stored_contributions if contribution.part not in alone]
    rest = Remainder(sum(other.gap for other in others), sum(other.weight for other in others)) if others else None
    return GapContributions(sum(contribution.gap for contribution in stored_contributions), chosen, rest)


@once_for_each
def _contributions_of(whole: Figures, by: str, level: float) -> list[Contribution]:
    if whole.cells is None:
        return []
    parts = [post_stratum.agency if by == "agency" else post_stratum.service for post_stratum in whole.post_strata]
    return contributions(whole.cells, level, parts)


def _shown(contribution: Contribution, figure: Figure, level: float) -> ShownContribution:
    share = figure.estimate.estimate if figure.estimate else None
    expected = contribution.weight * ((share or 0.0) - level)
    return ShownContribution(
        contribution.part, contribution.gap, contribution.weight, figure, abs(expected - contribution.gap) > VISIBLE
    )
