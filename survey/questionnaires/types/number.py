"""A whole number in a range, with its unit: trips, days, percent, thousands of đồng."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from pydantic import Field, model_validator
from wtforms import Field as FormField

from survey.questionnaires.codes import Text
from survey.questionnaires.types.fields import CheckedField
from survey.questionnaires.types.item import Item, Value

HIGHEST = 32_000  # values are counted in a column of two bytes


class NumberItem(Item):
    """A field for digits."""

    type: Literal["number"]
    range: Annotated[
        list[Annotated[int, Field(ge=0, le=HIGHEST)]],
        Field(min_length=2, max_length=2, description="The smallest and the largest answer."),
    ]
    unit: Text | None = None

    words: ClassVar[LazyString] = lazy_gettext("số")

    @model_validator(mode="after")
    def _check_range(self) -> Self:
        if self.range[0] >= self.range[1]:
            raise ValueError(_("“range” phải là [nhỏ nhất, lớn nhất], hai số khác nhau"))
        return self

    def check(self, value: object) -> Value:
        """A whole number in the range."""
        low, high = self.range
        if type(value) is not int or not low <= value <= high:
            raise self.refused(_("số nguyên từ %(low)s đến %(high)s", low=low, high=high), value)
        return value

    def field(self, language: str) -> FormField:
        """An input for digits."""
        return CheckedField(self.label(language), read=self.read_cell)

    def examples(self) -> list[Value]:
        """Both ends."""
        return [*self.range]
