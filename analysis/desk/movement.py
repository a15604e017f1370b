"""What moved since the month before, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from analysis.figures.figure import Figure
from analysis.statistics.comparison import Contrast, difference
from survey.foundation.formatting import points, sentence_case


def movement_sentence(months: Sequence[Figure]) -> str | None:
    """The last two months that can be shown, set against each other; None when there are not two in a row.

    Rising or falling is said only where the 95 % interval of the difference leaves 0 out.
    """
    shown = [i for i, month in enumerate(months) if month.estimate is not None and month.estimate.estimate is not None]
    if len(shown) < 2 or shown[-2] != shown[-1] - 1:
        return None
    earlier, later = months[shown[-2]], months[shown[-1]]
    if earlier.estimate is None or later.estimate is None:
        return None
    change = difference(later.estimate, earlier.estimate)
    if change is None or change.interval is None:
        return None
    low, high = points(change.interval.low), points(change.interval.high)
    return str(
        _(
            "%(later)s so với %(earlier)s: %(change)s (khoảng 95 %%: %(low)s đến %(high)s), %(words)s.",
            later=sentence_case(later.label),
            earlier=earlier.label,
            change=points(change.estimate),
            low=low,
            high=high,
            words=_words(change),
        )
    )


def _words(change: Contrast) -> str:
    interval = change.interval
    if interval is None or interval.low <= 0 <= interval.high:
        return str(_("chưa thể nói là tăng hay giảm"))
    return str(_("tăng rõ rệt") if interval.low > 0 else _("giảm rõ rệt"))
