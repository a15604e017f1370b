"""Files of codes: written once when they are made, read again to void them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TextIO

from flask_babel import gettext as _

from survey.channels.web.qr import ticket_address
from survey.foundation.tables.cells import TableRefused
from survey.foundation.tables.csv_output import csv_text
from survey.foundation.tables.headed import headed
from survey.foundation.tables.reading import read_sheets

CODE = "code"
COLUMNS = (CODE, "address", "expires")


def write_codes(target: TextIO, codes: Iterable[str], last_day: dt.date) -> None:
    """Write codes with their addresses and their last day."""
    target.writelines(csv_text(COLUMNS, ([code, ticket_address(code), last_day.isoformat()] for code in codes)))


def codes_of(content: bytes, sheet: str = "") -> list[tuple[int, str]]:
    """The codes of a file with their lines: of its column `code`, or of the first column where no line names it.

    `sheet`: the one that is meant, where several hold such codes.

    Raises:
        TableRefused: no table, or one without codes.
    """
    header, lines = headed(read_sheets(content, _names_code), _names_code, sheet, may_lack=True)
    place = [_plain(cell) for cell in header].index(CODE) if header else 0
    codes = [(line, cells[place].strip()) for line, cells in lines if len(cells) > place]
    if not codes:
        raise TableRefused(_("Tệp không có mã nào."), _("Dùng tệp đã tải về khi tạo mã, hoặc mỗi dòng một mã."))
    return codes


def _names_code(cells: Sequence[str]) -> int:
    return int(CODE in map(_plain, cells))


def _plain(cell: str) -> str:
    return cell.strip().strip("\ufeff").casefold()
