"""What the forms of all features share: the words of an empty field that is needed, a select's choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString, lazy_gettext
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

NEEDED = InputRequired(lazy_gettext("Ô này bắt buộc."))


def choices(words: Mapping[str, str | LazyString]) -> list[Any]:
    """A select's choices from words by value, in their order."""
    return [SelectChoice(value, label) for value, label in words.items()]
