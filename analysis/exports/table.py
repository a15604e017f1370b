"""A table to be written as a file: columns with what they mean, rows one by one, and what a reader must know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from survey.foundation.version import program_name

DataRow = Sequence[object]


@dataclass(frozen=True)
class DataColumn:
    """One column: `code` never changes with the language; `meaning` gives unit, range and what an empty cell says."""

    code: str
    heading: str
    meaning: str
    values: str = ""


@dataclass(frozen=True)
class ExportTable:
    """`rows` is read once, in constant memory. `count`: the rows, or for responses how many were read for them.

    `name` and `title` are those of its kind (`kinds.py`).
    """

    columns: tuple[DataColumn, ...]
    rows: Iterator[DataRow]
    notes: tuple[str, ...]
    count: int
    name: str = ""
    title: str = ""


def dictionary(table: ExportTable) -> Iterator[DataRow]:
    """The data dictionary, its heading first: a line for each column, then what holds for the whole file."""
    yield [_("Mã cột"), _("Tên cột"), _("Ý nghĩa"), _("Giá trị")]
    for column in table.columns:
        yield [column.code, column.heading, column.meaning, column.values]
    for note in (table.title, *table.notes, _("Tệp do chương trình Hài lòng %(name)s lập.", name=program_name())):
        yield ["", "", note, ""]


def coded(words: object) -> str:
    """Codes with their words, for a dictionary's last column: "kiosk = Kiosk tại quầy; qr = Mã QR"."""
    assert isinstance(words, dict)
    return "; ".join(f"{code} = {text}" for code, text in words.items())
