"""Any of several options, such as reasons to tick."""

from __future__ import annotations

from typing import ClassVar, Literal

from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from wtforms import Field as FormField

from survey.questionnaires.types.choices import ItemWithOptions
from survey.questionnaires.types.fields import ManyChoicesField
from survey.questionnaires.types.item import Value, whole_number


class MultipleItem(ItemWithOptions):
    """Tick boxes; the options' numbers are stored in rising order. In a file they are separated by spaces."""

    type: Literal["multiple"]

    words: ClassVar[LazyString] = lazy_gettext("chọn nhiều")

    def check(self, value: object) -> Value:
        """A list of options' numbers, none twice."""
        sound = isinstance(value, list) and value and all(type(code) is int and code in self.values for code in value)
        if not sound or not isinstance(value, list) or len(set(value)) < len(value):
            raise self.refused(_("danh sách các số, mỗi số một lần, trong %(values)s", values=self.listed), value)
        return sorted(value)

    def field(self, language: str) -> FormField:
        """One tick box an option."""
        return ManyChoicesField(self.label(language), codes=[str(value) for value in self.values])

    def posted(self, value: Value) -> list[str]:
        """One text a tick."""
        return [str(code) for code in value] if isinstance(value, list) else super().posted(value)

    def from_text(self, text: str) -> object:
        """Numbers separated by spaces."""
        return [whole_number(part) for part in text.split()]

    def examples(self) -> list[Value]:
        """All of them, and one."""
        return [sorted(self.values), self.values[:1]]
