"""Yes or no."""

from __future__ import annotations

from typing import ClassVar, Literal

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from wtforms import Field as FormField

from survey.questionnaires.types.fields import NumberChoiceField
from survey.questionnaires.types.item import Item, Value

NO, YES = 0, 1


class YesNoItem(Item):
    """Two radio inputs; 1 is yes, 0 is no."""

    type: Literal["yes_no"]

    words: ClassVar[LazyString] = lazy_gettext("có hoặc không")
    opens: ClassVar[bool] = True

    def check(self, value: object) -> Value:
        """1 or 0."""
        if type(value) is not int or value not in (NO, YES):
            raise self.refused(_("1 (có) hoặc 0 (không)"), value)
        return value

    def field(self, language: str) -> FormField:
        """Two radio inputs."""
        return NumberChoiceField(self.label(language), codes=(str(NO), str(YES)))

    def examples(self) -> list[Value]:
        """Both."""
        return [YES, NO]
