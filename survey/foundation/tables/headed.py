"""Short lists with a few known columns: the header wherever it stands, under titles and on whichever visible sheet."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from survey.foundation.tables.cells import FileLine, TableRefused, Workbook, Worksheet
from survey.foundation.tables.text_files import SEARCHED, Fit


class SeveralSheets(TableRefused):
    """All sheets but one would be left out, and nobody said which is meant."""

    def __init__(self, sheets: Sequence[Worksheet]) -> None:
        titles = ", ".join(f"“{sheet.title}”" for sheet in sheets)
        super().__init__(
            _("Tệp có %(n)s trang tính cùng loại số liệu: %(titles)s.", n=len(sheets), titles=titles),
            _("Ẩn các trang không nhập rồi lưu lại tệp, hoặc tách mỗi trang thành một tệp."),
        )


def headed(
    book: Workbook, fit: Fit, sheet: str = "", *, may_lack: bool = False
) -> tuple[Sequence[str], list[FileLine]]:
    """The line that names most of the columns, and the lines below it; no line names any: an empty header and all.

    `sheet`: the title of the one that is meant, where several are alike. `may_lack`: a list may do without such a
    line, and then every sheet is alike.

    Raises:
        SeveralSheets: several sheets are alike and hold lines, and none of them is called so.
    """
    visible = [page for page in book.sheets if page.visible and page.lines]
    headers = [_likeliest(page, fit) for page in visible]
    most = max((named for named, _place in headers), default=0)
    if not visible or not (most or may_lack):
        return (), visible[0].lines if visible else []
    alike = [
        (page, -place if most else -1) for page, (named, place) in zip(visible, headers, strict=True) if named == most
    ]
    filled = [(page, place) for page, place in alike if len(page.lines) > place + 1] or alike[:1]
    chosen = [(page, place) for page, place in filled if page.title == sheet] or filled
    if len(chosen) > 1:
        raise SeveralSheets([page for page, _place in chosen])
    ((page, place),) = chosen
    return page.lines[place][1] if most else (), page.lines[place + 1 :]


def _likeliest(sheet: Worksheet, fit: Fit) -> tuple[int, int]:
    """How many columns the best line names, and its place below zero: of equal ones the first."""
    return max((fit(cells), -place) for place, (_line, cells) in enumerate(sheet.lines[:SEARCHED]))
