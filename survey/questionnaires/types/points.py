"""Points 0, 1, 2 as the rules on one-stop shops give them, each with its words."""

from __future__ import annotations

from typing import ClassVar, Literal

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _

from survey.questionnaires.types.single import OneOption

POINTS = (0, 1, 2)


class PointsItem(OneOption):
    """One of three levels that are added up, never mixed with ratings."""

    type: Literal["points"]

    words: ClassVar[LazyString] = lazy_gettext("điểm 0, 1, 2")

    def check_values(self) -> None:
        """0, 1 and 2.

        Raises:
            ValueError: they are others.
        """
        if sorted(self.values) != list(POINTS):
            raise ValueError(_("“options” phải có đúng ba “value”: 0, 1 và 2"))
