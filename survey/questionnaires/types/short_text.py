"""A few words."""

from __future__ import annotations

from typing import ClassVar, Literal

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from wtforms import Field as FormField

from survey.questionnaires.types.cleaning import clean_text
from survey.questionnaires.types.fields import CheckedField
from survey.questionnaires.types.item import Item, Value


class Words(Item):
    """Words are kept with the comment, where they are masked, searched, answered and dropped in time."""

    is_written: ClassVar[bool] = True
    longest: ClassVar[int]
    """In characters."""

    def check(self, value: object) -> Value:
        """A text that is not too long."""
        text = clean_text(value) if isinstance(value, str) else ""
        if not text or len(text) > self.longest:
            raise self.refused(_("chữ, tối đa %(n)s ký tự", n=self.longest), value)
        return text

    def field(self, language: str) -> FormField:
        """A field for words."""
        return CheckedField(self.label(language), read=self.read_cell)

    def from_text(self, text: str) -> object:
        """As it is."""
        return text

    def examples(self) -> list[Value]:
        """A few letters."""
        return ["abc"]


class ShortTextItem(Words):
    """One line."""

    type: Literal["short_text"]

    words: ClassVar[LazyString] = lazy_gettext("vài chữ")
    longest: ClassVar[int] = 200
