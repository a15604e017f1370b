"""A day of the calendar."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Literal

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from wtforms import Field as FormField

from survey.questionnaires.types.fields import CheckedField
from survey.questionnaires.types.item import Item, Value

YEARS = range(1900, 2101)


class DateItem(Item):
    """A field for a day; stored as 2026-10-02, not counted."""

    type: Literal["date"]

    words: ClassVar[LazyString] = lazy_gettext("ngày")

    def check(self, value: object) -> Value:
        """A day as 2026-10-02."""
        try:
            day = dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-10-02") else None
        except ValueError:
            day = None
        if day is None or day.year not in YEARS:
            raise self.refused(_("ngày viết như 2026-10-02"), value)
        return day.isoformat()

    def field(self, language: str) -> FormField:
        """The browser's own field for a day."""
        return CheckedField(self.label(language), read=self.read_cell)

    def from_text(self, text: str) -> object:
        """As it is."""
        return text

    def examples(self) -> list[Value]:
        """A leap day."""
        return ["2024-02-29"]
