"""Which sheet of a workbook holds the table, and in which line its header stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from survey.foundation.tables.cells import TableRefused, Worksheet
from survey.foundation.tables.text_files import SEARCHED
from survey.registry.files.headings import Headings
from survey.registry.files.problems import shortened
from survey.registry.files.two_levels import header_at
from survey.registry.files.words import is_example


class SeveralTables(TableRefused):
    """Several sheets hold a table of the kind, and nobody said which is meant."""

    def __init__(self, titles: Sequence[str]) -> None:
        shown = ", ".join(f"“{shortened(title)}”" for title in titles[:12]) + (", …" if len(titles) > 12 else "")
        message = _("Tệp có %(n)s trang tính cùng loại số liệu: %(titles)s.", n=len(titles), titles=shown)
        mend = _("Chọn một trang tính (trên dòng lệnh: --sheet), hoặc ẩn các trang không nhập rồi lưu lại tệp.")
        super().__init__(message, mend)
        self.titles = tuple(titles)


@dataclass(frozen=True)
class Header:
    """A line that may be a header: how many columns it names, where it stands, what it has that data cannot lack."""

    fit: int
    position: int
    height: int
    needed: frozenset[str]


def likeliest_header(sheet: Worksheet, headings: Headings) -> Header:
    """The line of a sheet that names most of the columns."""
    positions = range(len(sheet.lines[:SEARCHED]))
    headers = [(position, *header_at(sheet.lines, position, headings)) for position in positions]
    position, cells, height = max(headers, key=lambda header: (headings.fit(header[1]), -header[0]))
    needed = {name for cell in cells if cell and (name := headings.column(cell)) in headings.required}
    across = {"months"} if headings.more_fit and headings.more_fit(cells) else set()
    return Header(headings.fit(cells), position, height, frozenset(needed | across))


def meant(visible: Sequence[Worksheet], headers: Sequence[Header], best: int, sheet: str) -> int:
    """The place of the sheet that is read: of several alike the one called `sheet`, or the only one that holds data.

    `best`: the place of the sheet that names most of the columns.

    Raises:
        SeveralTables: none is called so, and several hold data under the same columns.
    """
    alike = [
        place
        for place, header in enumerate(headers)
        if header.fit > 1 and header.needed >= headers[best].needed and _holds_data(visible[place], header)
    ]
    named = [place for place in alike if visible[place].title == sheet]
    if not named and len(alike) > 1:
        raise SeveralTables([visible[place].title for place in alike])
    return (named or alike or [best])[0]


def _holds_data(sheet: Worksheet, header: Header) -> bool:
    lines = [[cell.strip() for cell in cells if cell.strip()] for _line, cells in sheet.lines]
    return any(len(texts) > 1 and not is_example(texts[0]) for texts in lines[header.position + header.height :])
