"""Columns of an import: their names, whether they are required, and how their cells are read."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Self

from flask_babel import gettext as _

from survey.foundation.identifiers import is_code, parse_id
from survey.foundation.tables.cells import DayCell, NumberCell
from survey.foundation.text.damaged_text import damage
from survey.foundation.text.misread import reread
from survey.foundation.text.vietnamese_text import ORDINARY, normal, plain
from survey.registry.files.dates import day, instant, month, unusual_day, unusual_month
from survey.registry.files.problems import CellError
from survey.registry.files.words import is_everything, plain_words, usual_value, value_of

Parser = Callable[[str], Any]

_GROUPED = re.compile(r"^\d{1,3}(?:(?:\.\d{3})+(?:,0+)?|(?:[ \u00a0\u202f\u2009]\d{3})+)$")
_GROUPS = re.compile(r"[.\s]|,0+$")
_AS_NUMBER = re.compile(r"^\d(?:[.,]\d+)?E\+\d+$")
_TEXT_SIGN = re.compile(r"^['\u2019]\d")
_LIKE_DECIMAL = re.compile(r"^\d+\.0$")
_DASHES = frozenset("-\u2013\u2014\u2212")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_NOT_IN_CODES = re.compile(r"[^A-Za-z0-9._-]")
_KIND_OF_PROVINCE = re.compile(r"^(?:tinh|thanh pho|tp|t) (?=\w)")
_FORMULA_STARTS = ("=", "+", "-", "@")


class SeveralNamed(str):
    """A cell with a name that several records have; `codes` are theirs."""

    codes: tuple[str, ...]

    def __new__(cls, text: str, codes: Iterable[str]) -> Self:
        """The name as it was written."""
        cell = super().__new__(cls, text)
        cell.codes = tuple(codes)
        return cell


@dataclass(frozen=True)
class FileColumn:
    """One column. `required`: the header must name it and no cell may be empty.

    Where the file has no such column, a stored value stays and a new record gets `default`; an empty cell always
    means `default`.
    """

    name: str
    parse: Parser
    required: bool = False
    default: Any = None
    names: str = ""  # the kind of record the cell names by its code: agencies, services, counters
    is_code: bool = False

    def read(self, cell: str) -> Any:
        """The value of a cell.

        Raises:
            CellError: the cell is empty but required, or holds something else than it should.
        """
        if isinstance(cell, NumberCell):
            return self._read_number(cell)
        if isinstance(cell, DayCell) and (self._is_short or self.name == "name"):
            raise CellError(
                _("Excel đã đổi ô này thành ngày hoặc giờ (3-5 thành 03/05)."),
                _("Đặt cột thành dạng Text (Format Cells, Text) rồi gõ lại ô."),
            )
        if isinstance(cell, SeveralNamed):
            raise CellError(
                _(
                    "Tên này là của %(n)s nơi trong danh mục: %(codes)s.",
                    n=len(cell.codes),
                    codes=", ".join(cell.codes[:10]),
                ),
                _("Ghi mã thay cho tên."),
            )
        written = reread(cell)
        if "\u00ad" in written and (wrong := damage(written)):  # a soft hyphen to `normal`, a letter to TCVN3
            raise CellError(*wrong)
        if written != plain(written):
            raise CellError(_("Có ký tự điều khiển không in được."), _("Xóa ký tự đó hoặc gõ lại ô."))
        text = normal(cell).strip()
        if self._is_short or self.parse in (day, month, instant):
            text = as_typed(text)
        if text and not (self._may_lack and text in _DASHES) and not self._means_all(text):
            self._refuse_unknown_name(text)
            return self.parse(text)
        if self.required:
            raise CellError(_("Ô đang trống."), _("Ô này bắt buộc phải có giá trị."))
        return self.default

    @property
    def _is_short(self) -> bool:
        """Whether it holds codes or counts: there, and in days, an apostrophe before a digit is a sign of text."""
        return bool(self.names) or self.is_code or self.parse in (code, codes, whole_number)

    @property
    def _may_lack(self) -> bool:
        """Whether a dash says that there is nothing: not of counts, of which it may be a zero."""
        return not self.required and self.parse is not whole_number

    def _means_all(self, text: str) -> bool:
        """Whether a list of codes is told to be all of them, which is what an empty one means."""
        return self.parse is codes and is_everything(text)

    def _refuse_unknown_name(self, text: str) -> None:
        """A name that is still there belongs to nothing that is known: names that are became codes before."""
        looks_like_name = " " in text or not text.isascii()
        if self.names and self.name != "code" and self.parse is code and not is_code(text) and looks_like_name:
            raise CellError(
                _("Danh mục không có mã hay tên này."),
                _("Ghi mã như trong danh mục, hoặc đúng tên đầy đủ."),
            )

    def _read_number(self, cell: NumberCell) -> Any:
        """A cell stored as a number: of a code nobody knows any more which zeros it had, unless its format says so."""
        if not cell.fixed and (self.is_code or self.names or self.parse in (code, codes)):
            raise CellError(
                _("Mã trong ô này là số, nên số 0 ở đầu hoặc cuối có thể đã mất (1.000650 thành 1.00065)."),
                _("Trong Excel, đặt cột thành dạng Text (Format Cells, Text) rồi gõ lại mã như trong văn bản."),
            )
        whole, point, fraction = cell.partition(".")
        if cell.day_zero and self.parse in (day, month, instant) and whole.isdigit():
            return self.parse(f"{int(whole) + cell.day_zero}{point}{fraction}")
        return self.parse(cell)

    def unusual(self, cell: str, value: Any) -> tuple[str, str]:
        """What is unusual about the cell's way of writing, and what it was read as; empty if nothing."""
        written = cell.strip()
        if written in _DASHES and self._may_lack:
            return str(_("là dấu gạch")), str(_("trống"))
        if self._means_all(written):
            return str(_("ghi là tất cả")), str(_("trống"))
        if isinstance(value, int) and not isinstance(value, bool) and "." in written:
            return str(_("có dấu phân cách hàng nghìn")), str(value)
        if isinstance(value, int) and len(written.split()) > 1:
            return str(_("có dấu phân cách hàng nghìn")), str(value)
        if isinstance(value, str) and written != reread(written):
            return str(_("có chữ đọc sai bảng mã, đã đọc lại")), value
        if self.parse is month and isinstance(value, str):
            return unusual_month(written), value
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return unusual_day(written), f"{value:%d/%m/%Y}"
        if isinstance(cell, NumberCell) and cell.fixed and value == str(cell) and written.startswith("0"):
            return str(_("là số có định dạng giữ số 0")), str(value)
        return "", ""


def text(longest: int) -> Parser:
    """Text of one line, at most `longest` characters, that a spreadsheet would not take for a formula."""

    def parse(cell: str) -> str:
        flat = " ".join(cell.split())
        if wrong := damage(flat):
            raise CellError(*wrong)
        if len(flat) > longest:
            raise CellError(
                _("Dài %(n)s ký tự.", n=len(flat)), _("Viết ngắn lại, tối đa %(longest)s ký tự.", longest=longest)
            )
        if flat.startswith(_FORMULA_STARTS):
            raise CellError(_("Bắt đầu bằng dấu của công thức."), _("Bỏ dấu = + - @ ở đầu ô."))
        return flat

    return parse


def as_typed(written: str) -> str:
    """A code, day or count as the keyboard gave it: without Word's dashes and a spreadsheet's sign of text ('00123)."""
    return with_hyphens(written[1:] if _TEXT_SIGN.match(written) else written)


def with_hyphens(text: str) -> str:
    """The text with one sign for every hyphen and dash: Word turns "SNV-1" and "1 - 2" into others."""
    return text.translate(_HYPHENS)


def code(cell: str) -> str:
    """A code as it may stand in a URL."""
    if _AS_NUMBER.match(cell):
        raise CellError(
            _("Excel đã đổi mã này thành số."), _("Đặt cột thành dạng Text (Format Cells, Text) rồi gõ lại mã.")
        )
    if _LIKE_DECIMAL.match(cell):
        raise CellError(
            _("Mã có đuôi “.0”: một chương trình đã đọc mã này thành số."),
            _("Bỏ “.0”, và ghi lại các số 0 ở đầu mã nếu có."),
        )
    sign = _strange_sign(cell)
    if not is_code(cell) or cell.endswith("."):  # in an address a full stop behind belongs to the sentence
        raise CellError(
            _("Không phải mã hợp lệ: có “%(sign)s”.", sign=sign) if sign else _("Không phải mã hợp lệ."),
            _("Dùng chữ không dấu, chữ số, dấu . - _; bắt đầu bằng chữ hoặc số; tối đa 40 ký tự."),
        )
    return cell


def _strange_sign(cell: str) -> str:
    """The first sign that no code has, with its number where it may only look like a letter; '' if there is none."""
    sign = _NOT_IN_CODES.search(cell)
    if sign is None or sign[0] == " ":
        return ""
    number = "" if ORDINARY.fullmatch(sign[0]) else f" (U+{ord(sign[0]):04X})"
    return sign[0] + number


def codes(cell: str) -> tuple[str, ...]:
    """Several codes separated by spaces, each once, in a fixed order."""
    return tuple(sorted({code(part) for part in cell.split()}))


@dataclass(frozen=True)
class OneOf:
    """One of a closed list of codes, in any case of letters, or one of the words offices use for it."""

    choices: tuple[str, ...]

    def __call__(self, cell: str) -> str:
        """The code of a cell."""
        choice = cell.lower() if cell.lower() in self.choices else value_of(cell, self.choices)
        if choice is None:
            choices = ", ".join(_told(choice) for choice in self.choices)
            raise CellError(_("Không có trong danh mục."), _("Dùng một trong: %(choices)s.", choices=choices))
        return choice


def _told(choice: str) -> str:
    word = usual_value(choice)
    return choice if word == choice else f"{choice} ({word})"


def one_of(choices: Iterable[str]) -> Parser:
    """Reads one of a closed list of codes."""
    return OneOf(tuple(choices))


def whole_number(cell: str) -> int:
    """A whole number of at least 0; thousands may be separated by points or spaces, as in 1.234, 1.234,00 and 1 234."""
    plain_digits = cell
    if cell.startswith("#"):
        raise CellError(_("Ô chứa lỗi của Excel."), _("Sửa công thức hoặc xóa ô rồi ghi giá trị."))
    if _GROUPED.match(cell) and not isinstance(cell, NumberCell):
        plain_digits = _GROUPS.sub("", cell)
    if not plain_digits.isascii() or not plain_digits.isdigit():
        raise CellError(
            _("Không phải số nguyên từ 0 trở lên."),
            _("Chỉ ghi chữ số, không dấu âm, không phần lẻ; hàng nghìn để liền, cách bằng dấu chấm hoặc dấu cách."),
        )
    if len(plain_digits) > 9:
        raise CellError(_("Số quá lớn."), _("Kiểm tra lại: tối đa 999999999."))
    return int(plain_digits)


def year(cell: str) -> int:
    """A year of this century, as official documents speak of it."""
    number = whole_number(cell)
    if not 2000 <= number <= 2100:
        raise CellError(_("Không phải năm."), _("Viết đủ bốn chữ số, ví dụ 2023."))
    return number


def province_key(cell: str) -> str:
    """A province's key; its name does too: "Sơn La", "tỉnh Sơn La"."""
    words = _KIND_OF_PROVINCE.sub("", plain_words(cell))
    words = "ho chi minh" if words in ("hcm", "tphcm") else words
    return code(words.replace(" ", "-") if words else cell)


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
