"""What the channels say beside each other: the same counters asked in several ways are no independent samples."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.figures.figure import Figure, Figures
from analysis.statistics import Change, change
from survey.foundation.formatting import points, points_range
from survey.foundation.vocabulary import CHANNELS


def mode_effect(figures: Figures) -> list[tuple[Figure, Change | None]]:
    """Every channel against the one with most answers, from one estimation with its covariances.

    The same counters answered through several channels, so the estimates are not independent.
    """
    shown = [figure for figure in figures.figures if figure.estimate is not None and not figure.reference_only]
    if figures.estimation is None or len(shown) < 2:
        return []
    reference = max(shown, key=lambda figure: figure.answers or 0)
    rows: list[tuple[Figure, Change | None]] = [(reference, None)]
    for figure in shown:
        if figure is not reference:
            rows.append((figure, contrast_of(figures, figure, reference)))
    return rows


def contrast_of(figures: Figures, figure: Figure, reference: Figure) -> Change | None:
    """`figure` minus `reference`, two domains of one estimation; None where one has no figure to show."""
    if figures.estimation is None or figure.estimate is None or reference.estimate is None:
        return None
    place = {domain.domain: i for i, domain in enumerate(figures.estimation.domains)}
    covariance = float(figures.estimation.covariance[place[figure.domain], place[reference.domain]])
    return change(figure.estimate, reference.estimate, covariance=covariance)


@dataclass(frozen=True)
class ChannelDifference:
    """`channel` minus `other` (codes), as a share, with the 95 % interval where one can be given."""

    channel: str
    other: str
    difference: float
    low: float | None
    high: float | None

    @property
    def words(self) -> str:
        """In one sentence."""
        said = {"one": CHANNELS.get(self.channel, self.channel), "other": CHANNELS.get(self.other, self.other)}
        said["points"] = points(self.difference)
        if self.low is None or self.high is None:
            return str(_("Chênh lệch giữa các kênh: %(one)s so với %(other)s %(points)s.", **said))
        said["range"] = points_range(self.low, self.high)
        return str(
            _(
                "Chênh lệch giữa các kênh: %(one)s so với %(other)s %(points)s (khoảng 95 %%: %(range)s).",
                **said,
            )
        )


def widest_difference(figures: Figures) -> ChannelDifference | None:
    """The widest difference between channels; None where fewer than two can be compared."""
    rows = mode_effect(figures)
    compared = [(figure, beside) for figure, beside in rows if beside is not None]
    if not compared:
        return None
    figure, beside = max(compared, key=lambda pair: abs(pair[1].estimate))
    within = beside.interval
    low, high = (within.low, within.high) if within else (None, None)
    return ChannelDifference(figure.domain, rows[0][0].domain, beside.estimate, low, high)
