"""Values in addresses: read in one place, so that none reaches the database that it cannot hold."""

from __future__ import annotations

from typing import Any

from flask import Flask, abort, request
from flask_babel import gettext as _
from werkzeug.routing import IntegerConverter, PathConverter, UnicodeConverter, ValidationError

from survey.foundation.text.vietnamese_text import normal, plain

LARGEST_ID = 2**31 - 1  # what PostgreSQL's integer holds; SQLite's holds more


def is_row_id(text: str) -> bool:
    """Whether a text is the id of a row: ASCII digits, at most LARGEST_ID."""
    return text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_ID)) and int(text) <= LARGEST_ID


def read_row_id(text: str) -> int | None:
    """The id of a row in a form's field; None where there is none."""
    return int(text) if is_row_id(text) else None


def whole_number(name: str, low: int = 1, high: int = LARGEST_ID) -> int | None:
    """A whole number among the address' parameters; None where it is not given. Anything else ends in 400."""
    text = request.args.get(name)
    if text is None:
        return None
    if not (is_row_id(text) and low <= int(text) <= high):
        abort(400, _("%(name)s phải là số nguyên từ %(low)s đến %(high)s.", name=name, low=low, high=high))
    return int(text)


def page_number(size: int) -> int:
    """Which page of `size` rows each the address asks for, from 1; one that no row can be on is no such page (404)."""
    text = request.args.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    if not 0 < page * size < LARGEST_ID:
        abort(404)
    return page


class RowId(IntegerConverter):
    """The id of a row; a number no row can have is no such page (404)."""

    def to_python(self, value: str) -> int:
        """Read it."""
        if not is_row_id(value):
            raise ValidationError
        return int(value)


class PlainPart(UnicodeConverter):
    """A part of a path, `normal`; with a control character there is no such page (404)."""

    def to_python(self, value: str) -> Any:
        """Read it."""
        return _plain(value)


class PlainPath(PathConverter):
    """A path, `normal`, without control characters."""

    def to_python(self, value: str) -> Any:
        """Read it."""
        return _plain(value)


def init_parameters(app: Flask) -> None:
    """Let every address be read so; must come before any address is registered but Flask's own."""
    app.url_map.converters.update({"default": PlainPart, "string": PlainPart, "path": PlainPath, "int": RowId})


def _plain(value: str) -> str:
    if plain(value) != value:
        raise ValidationError
    return normal(value)
