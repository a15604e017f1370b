"""Options to choose from: what single, multiple and points share."""

from __future__ import annotations

from typing import Annotated, Self

from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from survey.questionnaires.codes import DEFAULT_LANGUAGE, Text
from survey.questionnaires.types.item import Item

HIGHEST = 99


class Option(BaseModel):
    """One answer to choose; `value` is what is stored and counted."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    value: Annotated[int, Field(ge=0, le=HIGHEST)]
    text: Text

    def label(self, language: str) -> str:
        """Its words in a language; Vietnamese where there is no translation."""
        return self.text.get(language, self.text[DEFAULT_LANGUAGE])


class ItemWithOptions(Item):
    """What is answered by choosing among options."""

    options: Annotated[list[Option], Field(min_length=2, max_length=30)]

    @model_validator(mode="after")
    def _check_options(self) -> Self:
        if len(set(self.values)) < len(self.values):
            raise ValueError(_("hai lựa chọn trong “options” có cùng “value”"))
        self.check_values()
        return self

    def check_values(self) -> None:
        """Which numbers the options may have; 0 says of several choices that the question was answered.

        Raises:
            ValueError: one of them may not be.
        """
        if 0 in self.values:
            raise ValueError(_("“value” của một lựa chọn phải từ 1 trở lên"))

    @property
    def values(self) -> list[int]:
        """The numbers of its options."""
        return [option.value for option in self.options]

    @property
    def listed(self) -> str:
        """They, as a message lists them."""
        return ", ".join(map(str, self.values))
