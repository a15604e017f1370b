"""One of several options."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from pydantic import Field, model_validator
from wtforms import Field as FormField

from survey.questionnaires.types.choices import ItemWithOptions
from survey.questionnaires.types.fields import NumberChoiceField
from survey.questionnaires.types.item import Value


class OneOption(ItemWithOptions):
    """Radio inputs; the option's number is stored."""

    opens: ClassVar[bool] = True

    def check(self, value: object) -> Value:
        """The number of an option."""
        if type(value) is not int or value not in self.values:
            raise self.refused(_("một trong các số %(values)s", values=self.listed), value)
        return value

    def field(self, language: str) -> FormField:
        """One radio input an option."""
        return NumberChoiceField(self.label(language), codes=[str(value) for value in self.values])

    def examples(self) -> list[Value]:
        """Every option."""
        return [*self.values]


class SingleItem(OneOption):
    """A choice; `good` says which answers are favourable, as "will come back"."""

    type: Literal["single"]
    good: Annotated[list[int] | None, Field(description="Values that count as a favourable answer.")] = None

    words: ClassVar[LazyString] = lazy_gettext("chọn một")

    @model_validator(mode="after")
    def _check_good(self) -> Self:
        if not set(self.good or ()) <= set(self.values):
            raise ValueError(_("“good” phải là danh sách các “value” có trong “options”"))
        return self
