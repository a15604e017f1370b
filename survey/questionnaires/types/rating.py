"""A rating from 1 (very dissatisfied) to 5 (very satisfied), or 0: no opinion."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from pydantic import Field, model_validator
from wtforms import Field as FormField

from survey.questionnaires.types.fields import NumberChoiceField
from survey.questionnaires.types.item import AnswerProblem, Item, Value

NO_OPINION = 0
RATINGS = range(1, 6)


class RatingItem(Item):
    """Answered by one of five faces."""

    type: Literal["rating"]
    summary: Annotated[
        bool, Field(description="Asks about its factor as a whole, which it stands for; not one of its details.")
    ] = False

    words: ClassVar[LazyString] = lazy_gettext("mức hài lòng 1-5")
    is_rated: ClassVar[bool] = True
    opens: ClassVar[bool] = True

    @property
    def is_detail(self) -> bool:  # type: ignore[override]
        """Whether it is neither an overall question nor a factor's: such items are pooled."""
        return self.subject is None and not self.summary

    @model_validator(mode="after")
    def _check_summary(self) -> Self:
        if self.summary and not self.factor:
            raise ValueError(_("câu hỏi chung về một nhóm (“summary”) phải nêu nhóm ở “factor”"))
        return self

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

    def field(self, language: str) -> FormField:
        """Six radio inputs."""
        return NumberChoiceField(self.label(language), codes=[str(value) for value in (NO_OPINION, *RATINGS)])

    def examples(self) -> list[Value]:
        """Every level."""
        return [*RATINGS, NO_OPINION]
