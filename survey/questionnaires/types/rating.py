"""A rating from 1 (very dissatisfied) to 5 (very satisfied), or 0: no opinion."""

from __future__ import annotations

from typing import ClassVar, Literal

from flask_babel import gettext as _

from survey.questionnaires.types.item import AnswerProblem, Item

NO_OPINION = 0
RATINGS = range(1, 6)


class RatingItem(Item):
    """Answered by one of five faces."""

    type: Literal["rating"]

    is_rated: ClassVar[bool] = True

    def check(self, value: object) -> int:
        """The rating, or `NO_OPINION`.

        Raises:
            AnswerProblem: off the scale, or no whole number.
        """
        if isinstance(value, bool) or not isinstance(value, int) or (value != NO_OPINION and value not in RATINGS):
            message = _(
                "Câu “%(item)s” chỉ nhận số nguyên từ 1 đến 5, hoặc 0 (không có ý kiến); đã nhận: %(value)s.",
                item=self.code,
                value=repr(value)[:40],
            )
            raise AnswerProblem(self.code, message)
        return value
