"""Columns of an import: their names, whether they are required, and how their cells are read."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey.foundation.clock import LOCAL, UTC
from survey.foundation.identifiers import is_code, parse_id
from survey.foundation.plain_text import plain
from survey.imports.problems import CellError

Parser = Callable[[str], Any]

_ISO_DAY = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_LOCAL_DAY = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$")
_ISO_MONTH = re.compile(r"^(\d{4})-(\d{1,2})(?:-01)?$")
_LOCAL_MONTH = re.compile(r"^(\d{1,2})/(\d{4})$")
_YEARS = range(2000, 2100)
_FORMULA_STARTS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Column:
    """One column. `required`: the header must name it and no cell may be empty.

    Where the file has no such column, a stored value stays and a new record gets `default`; an empty cell always
    means `default`.
    """

    name: str
    parse: Parser
    required: bool = False
    default: Any = None

    def read(self, cell: str) -> Any:
        """The value of a cell.

        Raises:
            CellError: the cell is empty but required, or holds something else than it should.
        """
        text = unicodedata.normalize("NFC", cell).strip()
        if text:
            return self.parse(text)
        if self.required:
            raise CellError(_("Ô đang trống."), _("Ô này bắt buộc phải có giá trị."))
        return self.default


def text(longest: int) -> Parser:
    """Text of one line, at most `longest` characters, that a spreadsheet would not take for a formula."""

    def parse(cell: str) -> str:
        flat = " ".join(cell.split())
        if flat != plain(flat):
            raise CellError(_("Có ký tự điều khiển không in được."), _("Xóa ký tự đó hoặc gõ lại ô."))
        if len(flat) > longest:
            raise CellError(
                _("Dài %(n)s ký tự.", n=len(flat)), _("Viết ngắn lại, tối đa %(longest)s ký tự.", longest=longest)
            )
        if flat.startswith(_FORMULA_STARTS):
            raise CellError(_("Bắt đầu bằng dấu của công thức."), _("Bỏ dấu = + - @ ở đầu ô."))
        return flat

    return parse


def code(cell: str) -> str:
    """A code as it may stand in a URL."""
    if not is_code(cell):
        raise CellError(
            _("Không phải mã hợp lệ."),
            _("Dùng chữ không dấu, chữ số, dấu . - _; bắt đầu bằng chữ hoặc số; tối đa 40 ký tự."),
        )
    return cell


def codes(cell: str) -> tuple[str, ...]:
    """Several codes separated by spaces, each once, in a fixed order."""
    return tuple(sorted({code(part) for part in cell.split()}))


def one_of(choices: Iterable[str]) -> Parser:
    """One of a closed list of codes, in any case of letters."""
    known = tuple(choices)

    def parse(cell: str) -> str:
        if cell.lower() not in known:
            raise CellError(_("Không có trong danh mục."), _("Dùng một trong: %(choices)s.", choices=", ".join(known)))
        return cell.lower()

    return parse


def whole_number(cell: str) -> int:
    """A whole number of at least 0, without thousands separators."""
    if not cell.isascii() or not cell.isdigit():
        raise CellError(
            _("Không phải số nguyên từ 0 trở lên."),
            _("Chỉ ghi chữ số, không dấu âm, không phần lẻ, không dấu phân cách hàng nghìn (1234, không phải 1.234)."),
        )
    if len(cell) > 9:
        raise CellError(_("Số quá lớn."), _("Kiểm tra lại: tối đa 999999999."))
    return int(cell)


def day(cell: str) -> dt.date:
    """A calendar day: 2025-07-01 or 01/07/2025 (day first)."""
    if found := _ISO_DAY.match(cell):
        year, month_number, day_number = map(int, found.groups())
    elif found := _LOCAL_DAY.match(cell):
        day_number, month_number, year = map(int, found.groups())
    else:
        raise CellError(_("Không phải ngày."), _("Viết 2025-07-01 hoặc 01/07/2025 (ngày/tháng/năm)."))
    try:
        return dt.date(year, month_number, day_number)
    except ValueError as error:
        raise CellError(
            _("Không có ngày này trong lịch."), _("Viết 2025-07-01 hoặc 01/07/2025 (ngày/tháng/năm).")
        ) from error


def month(cell: str) -> str:
    """A month as stored, ``2026-10``; also read from 10/2026 and from the first day that Excel makes of it."""
    year, number = 0, 0
    if found := _ISO_MONTH.match(cell):
        year, number = int(found[1]), int(found[2])
    elif found := _LOCAL_MONTH.match(cell):
        number, year = int(found[1]), int(found[2])
    if year not in _YEARS or not 1 <= number <= 12:
        raise CellError(_("Không phải tháng."), _("Viết năm-tháng, ví dụ 2026-10."))
    return f"{year:04d}-{number:02d}"


def instant(cell: str) -> dt.datetime:
    """An instant in UTC. Without an offset it is Vietnamese time; a day alone stands for its noon."""
    whole, _space, clock = cell.partition(" ")
    if _LOCAL_DAY.match(whole):
        cell = f"{day(whole).isoformat()} {clock}".strip()
    try:
        moment = dt.datetime.fromisoformat(cell)
    except ValueError as error:
        raise CellError(
            _("Không phải ngày giờ."),
            _("Viết 2026-10-05T14:30:00+07:00, 2026-10-05 14:30 hoặc 05/10/2026 14:30 (giờ Việt Nam)."),
        ) from error
    if len(cell) <= len("2026-10-05"):
        moment = moment.replace(hour=12)
    if moment.year not in _YEARS:
        raise CellError(_("Năm không hợp lý."), _("Kiểm tra lại năm."))
    return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)).astimezone(UTC)


def identifier(cell: str) -> uuid.UUID:
    """A UUID in its canonical form, in any case of letters."""
    try:
        return parse_id(cell.lower())
    except ValueError as error:
        raise CellError(
            _("Không phải mã định danh UUID."), _("Dạng đúng: 8-4-4-4-12 chữ số thập lục phân, có gạch ngang.")
        ) from error


def nearest(name: str, known: Collection[str]) -> str:
    """A hint naming the known word most like a wrong one; empty if none is near."""
    near = difflib.get_close_matches(name, known, n=1)
    return _("Có phải “%(name)s”?", name=near[0]) if near else ""
