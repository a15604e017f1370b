"""Rows of CSV that a spreadsheet opens without running anything in them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

# Where lists are separated by semicolons or tabs, a spreadsheet cuts a field in two, and again at its line breaks.
_CUTS = frozenset(";\t\r\n")
_FORMULA_INSIDE = re.compile(r"([;\t\r\n][ \"]*)(?=[=+@]|-[^;\t\r\n]*[(|!])")  # "- lần sau" is a list, no formula
BOM = "\ufeff"  # without it Excel reads Vietnamese as Latin-1
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LOOK_TWICE = frozenset((*_FORMULA_STARTS, " "))  # what else a text begins with is found out at once


def defuse(value: object) -> object:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers."""
    if isinstance(value, str) and value[:1] in _LOOK_TWICE and value.lstrip(" ").startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file piece by piece, in constant memory; None becomes an empty field."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow(header)
    for row in rows:
        # Nearly every value is plain, which is seen here without asking `_harmless`.
        writer.writerow(
            [
                _harmless(value)
                if isinstance(value, str) and (value[:1] in _LOOK_TWICE or not _CUTS.isdisjoint(value))
                else value
                for value in row
            ]
        )
        if buffer.tell() > 32_768:
            yield _taken(buffer)
    yield _taken(buffer)


def _harmless(text: str) -> object:
    """No formula at its beginning, nor where a spreadsheet of other habits would cut it."""
    return defuse(_FORMULA_INSIDE.sub(r"\1'", text))


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
