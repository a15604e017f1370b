"""What moved since the month before, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.figures.figure import Figure
from analysis.statistics import Interval, Movement
from analysis.statistics import change as change_between
from survey.foundation.formatting import points, sentence_case


@dataclass(frozen=True)
class MonthlyChange:
    """The last two months in a row that can be shown; `interval` at 95 %, differences as shares."""

    earlier: Figure
    later: Figure
    change: float
    interval: Interval
    movement: Movement

    @property
    def direction(self) -> int:
        """1 up, -1 down; 0 where neither may be said."""
        return (self.movement is Movement.RISING) - (self.movement is Movement.FALLING)

    @property
    def words(self) -> str:
        """Whether it may be called a rise or a fall."""
        match self.direction:
            case 1:
                return str(_("tăng rõ rệt"))
            case -1:
                return str(_("giảm rõ rệt"))
            case _unsure:
                return str(_("chưa thể nói là tăng hay giảm"))


def last_movement(months: Sequence[Figure]) -> MonthlyChange | None:
    """The last two months that can be shown, set against each other; None when there are not two in a row."""
    shown = [i for i, month in enumerate(months) if month.estimate is not None and month.estimate.estimate is not None]
    if len(shown) < 2 or shown[-2] != shown[-1] - 1:
        return None
    earlier, later = months[shown[-2]], months[shown[-1]]
    if earlier.estimate is None or later.estimate is None:
        return None
    change = change_between(later.estimate, earlier.estimate)
    if change is None or change.interval is None:
        return None
    return MonthlyChange(earlier, later, change.estimate, change.interval, change.movement)


def movement_sentence(movement: MonthlyChange | None) -> str | None:
    """The movement in one sentence."""
    if movement is None:
        return None
    return str(
        _(
            "%(later)s so với %(earlier)s: %(change)s (khoảng 95 %%: %(low)s đến %(high)s), %(words)s.",
            later=sentence_case(movement.later.label),
            earlier=movement.earlier.label,
            change=points(movement.change),
            low=points(movement.interval.low),
            high=points(movement.interval.high),
            words=movement.words,
        )
    )
