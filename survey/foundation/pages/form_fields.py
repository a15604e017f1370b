"""What the forms of all features share: words, a select's choices, and fields of numbers and days.

What neither a database nor a calendar can hold, and text whose letters are lost, is refused in words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, request
from flask_babel import LazyString, lazy_gettext
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import DateField, Field, Form, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.form import BaseForm
from wtforms.validators import InputRequired
from wtforms.widgets import TextInput

from survey.foundation.pages.parameters import LARGEST_ID, is_row_id
from survey.foundation.periods import FIRST_YEAR, LAST_YEAR
from survey.foundation.text.damaged_text import damage
from survey.foundation.typesetting.printable import lacking

DAY_LAYOUT = "%d/%m/%Y"
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
NEEDED = InputRequired(lazy_gettext("Ô này bắt buộc."))
NOT_WHOLE = lazy_gettext("Ghi số nguyên từ %(low)s đến %(high)s.")
NO_DAY = lazy_gettext("Ghi ngày/tháng/năm có trong lịch, như 05/10/2026, từ năm %(first)s đến năm %(last)s.")
CALENDAR = lazy_gettext("Lịch")
DAY_SHAPE = lazy_gettext("ngày/tháng/năm")


def choices(words: Mapping[str, str | LazyString]) -> list[Any]:
    """A select's choices from words by value, in their order."""
    return [SelectChoice(value, label) for value, label in words.items()]


def switched_to() -> bool:
    """Whether a button's form asks for on (its field `to`); off otherwise.

    A button that only turned round what stands would, pressed twice or by two people, undo what it did.

    Raises:
        BadRequest: neither.
    """
    to = request.form.get("to")
    if to not in ("on", "off"):
        abort(400)
    return to == "on"


class _Undamaged(Field):
    """Refuses text whose letters were lost on the way, naming what happened; tells which signs no document can show."""

    def pre_validate(self, form: Form) -> None:  # type: ignore[override]  # WTForms calls it with the form
        """Look at the text.

        Raises:
            ValidationError: letters are lost, misread, or an old font's.
        """
        if self.data and (wrong := damage(str(self.data))):
            raise ValidationError(" ".join(wrong))

    def post_validate(self, form: BaseForm, validation_stopped: bool) -> None:
        """Tell staff at the desk which signs of the text a document prints as a mark."""
        if self.data and not self.errors and (signs := lacking(str(self.data))):
            about = {"field": self.label.text, "signs": signs}
            flash(
                _("“%(field)s” có ký tự mà phông chữ của tài liệu không có: %(signs)s. Tài liệu in dấu thay.", **about),
                "warning",
            )


class LineField(_Undamaged, StringField):
    """A name or another text of one line, whoever sends it: a browser sends no other, a program could."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it."""
        super().process_formdata([" ".join(text.splitlines()) for text in valuelist])


class ProseField(_Undamaged, TextAreaField):
    """What staff write in several lines."""


class WholeNumberField(IntegerField):
    """A whole number from `low` to `high`, written in ASCII digits; `message` says it in the form's words."""

    def __init__(
        self,
        *args: Any,
        low: int = 0,
        high: int = LARGEST_ID,
        message: str | LazyString | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.low, self.high, self.message = low, high, message

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it.

        Raises:
            ValueError: no such number.
        """
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = int(text) if is_row_id(text) else None
        if text and (self.data is None or not self.low <= self.data <= self.high):
            self.data = None
            raise ValueError(str(self.message or NOT_WHOLE) % {"low": self.low, "high": self.high})


class DayInput(TextInput):
    """A text of day/month/year, whatever a browser takes for the way to write dates; `days.js` adds a calendar."""

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        """The input."""
        told = {"inputmode": "numeric", "autocomplete": "off", "placeholder": DAY_SHAPE, "data-day": CALENDAR}
        return super().__call__(field, **{**told, **attributes})


class DayField(DateField):
    """A day of a year that may matter here, typed as day/month/year; a program may send ISO 8601."""

    widget = DayInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime(DAY_LAYOUT) if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it.

        Raises:
            ValueError: no such day.
        """
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = read_day(text) if text else None
        if text and self.data is None:
            raise ValueError(str(NO_DAY) % {"first": FIRST_YEAR, "last": LAST_YEAR})


def read_day(text: str) -> dt.date | None:
    """The day that text names (05/10/2026, 5/10/2026, 2026-10-05), in a year that may matter here; None otherwise."""
    match = _DAY.fullmatch(text.strip())
    try:
        day = dt.date(*map(int, reversed(match.groups()))) if match else dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
