"""How dissatisfied the silent would have to be for a target to be missed, in one sentence."""

from __future__ import annotations

from flask_babel import gettext as _

from analysis.figures.figure import Figure
from analysis.statistics import tipping_share
from analysis.statistics.verdicts.verdict import Threshold
from survey.foundation.formatting import percent


def tipping_of(figure: Figure, threshold: Threshold) -> float | None:
    """The tipping share of those who did not answer; None where the caseload is not known.

    Under 0 or over 1 where nothing they think would change whether the target is met.
    """
    estimate = figure.estimate
    if estimate is None or not estimate.responses or not figure.caseload:
        return None
    return tipping_share(estimate.satisfied, estimate.responses, figure.caseload, threshold.threshold)


def tipping_words(figure: Figure, threshold: Threshold) -> str | None:
    """The tipping share in a sentence; None where there is none."""
    share = tipping_of(figure, threshold)
    if share is None:
        return None
    if share <= 0:
        return str(_("Dù không ai trong số người không trả lời hài lòng, chỉ tiêu vẫn đạt."))
    if share > 1:
        return str(_("Dù mọi người không trả lời đều hài lòng, chỉ tiêu vẫn không đạt."))
    return str(
        _("Chỉ tiêu chỉ không đạt nếu, trong số người không trả lời, dưới %(share)s hài lòng.", share=percent(share))
    )
