"""Short lists with a few known columns: the header wherever it stands, under titles and on whichever visible sheet."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from survey.foundation.tables.cells import FileLine, TableRefused, Workbook, Worksheet
from survey.foundation.tables.text_files import SEARCHED, Fit


def headed(book: Workbook, fit: Fit) -> tuple[Sequence[str], list[FileLine]]:
    """The line that names most of the columns, and the lines below it; no line names any: an empty header and all.

    Raises:
        TableRefused: several sheets hold lines under such columns, and all but one would be left out.
    """
    visible = [sheet for sheet in book.sheets if sheet.visible and sheet.lines]
    headers = [_likeliest(sheet, fit) for sheet in visible]
    most = max((named for named, _place in headers), default=0)
    if not most:
        return (), visible[0].lines if visible else []
    alike = [(sheet, -place) for sheet, (named, place) in zip(visible, headers, strict=True) if named == most]
    filled = [(sheet, place) for sheet, place in alike if len(sheet.lines) > place + 1] or alike[:1]
    if len(filled) > 1:
        titles = ", ".join(f"“{sheet.title}”" for sheet, _place in filled)
        raise TableRefused(
            _("Tệp có %(n)s trang tính cùng loại số liệu: %(titles)s.", n=len(filled), titles=titles),
            _("Ẩn các trang không nhập rồi lưu lại tệp, hoặc tách mỗi trang thành một tệp."),
        )
    ((sheet, place),) = filled
    return sheet.lines[place][1], sheet.lines[place + 1 :]


def _likeliest(sheet: Worksheet, fit: Fit) -> tuple[int, int]:
    """How many columns the best line names, and its place below zero: of equal ones the first."""
    return max((fit(cells), -place) for place, (_line, cells) in enumerate(sheet.lines[:SEARCHED]))
