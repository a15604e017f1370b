"""Fields of the citizen's form: what is left alone is None, what is answered twice is refused."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from survey.questionnaires.types.cleaning import clean_text
from survey.questionnaires.types.item import AnswerProblem, not_taken

SHOWN = 40  # letters of what cannot be taken, given back in the sentence that says so


class OneAnswerField(Field):
    """A question with one answer: the same sent twice counts once, two different ones are refused."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was posted.

        Raises:
            ValueError: answered twice, or not an answer.
        """
        given = {clean_text(str(value)) for value in valuelist} - {""}
        self.data = None
        if len(given) > 1:
            raise ValueError(_("Mục này có nhiều lựa chọn khác nhau: vui lòng chọn một."))
        if given:
            self.data = self.value_of(given.pop())

    def value_of(self, text: str) -> object:
        """What a text means; raises ValueError."""
        return text


class ChoiceField(OneAnswerField):
    """One of a closed list of codes, or None: nothing on the form is required by itself."""

    def __init__(self, label: str = "", *, codes: Collection[str], **options: Any) -> None:
        super().__init__(label, **options)
        self.codes = frozenset(codes)

    def value_of(self, text: str) -> object:
        """The code chosen; raises ValueError for any other."""
        if text not in self.codes:
            raise ValueError(_("Vui lòng chọn một trong các mục có sẵn."))
        return text


class NumberChoiceField(ChoiceField):
    """A choice whose codes are numbers."""

    def value_of(self, text: str) -> int:
        """The number chosen."""
        return int(str(super().value_of(text)))


class CheckedField(OneAnswerField):
    """An answer that its item's type reads and checks."""

    def __init__(self, label: str = "", *, read: Callable[[str], object], **options: Any) -> None:
        super().__init__(label, **options)
        self.read = read

    def value_of(self, text: str) -> object:
        """The answer; raises ValueError, which names the question as its reader knows it."""
        try:
            return self.read(text)
        except AnswerProblem as problem:
            shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
            raise ValueError(not_taken(self.label.text, problem.takes, shown)) from problem


class ManyChoicesField(Field):
    """Any of a closed list of numbers; None when nothing is ticked."""

    def __init__(self, label: str = "", *, codes: Collection[str], **options: Any) -> None:
        super().__init__(label, **options)
        self.codes = frozenset(codes)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the ticks.

        Raises:
            ValueError: not one of the choices offered.
        """
        given = {clean_text(str(value)) for value in valuelist} - {""}
        self.data = None
        if given - self.codes:
            raise ValueError(_("Vui lòng chọn một trong các mục có sẵn."))
        self.data = sorted(map(int, given)) or None
