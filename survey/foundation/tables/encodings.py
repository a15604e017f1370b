"""Bytes to text: UTF-8, UTF-16, and Windows-1258 where every letter comes out right; anything else is named."""

from __future__ import annotations

import codecs
import re
import unicodedata

from flask_babel import gettext as _

from survey.foundation.tables.cells import TableRefused
from survey.foundation.text.damaged_text import has_lost_letters
from survey.foundation.text.old_fonts import old_font
from survey.foundation.text.syllables import is_syllable

_WORD = re.compile(r"[^\W\d_]+")
_OLD_PUNCTUATION = frozenset("–—‘’“”…°«»·₫\u00a0")


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of a file without its byte order mark, and what to say of the encoding.

    Raises:
        TableRefused: another encoding, or letters that were lost before.
    """
    notes: tuple[str, ...] = ()
    if _is_utf_32(content):
        raise TableRefused(_("Tệp dùng bảng mã UTF-32."), _("Lưu lại dạng “CSV UTF-8 (Comma delimited)” hoặc .xlsx."))
    if (encoding := _utf_16(content)) is not None:
        text, notes = _strictly(content, encoding), (_("Đọc theo bảng mã UTF-16."),)
    elif (plain := _utf_8(content)) is not None:
        text = plain
    else:
        text, notes = _windows_1258(content), (_("Đọc theo bảng mã Windows-1258."),)
    damaged = text.find("\N{REPLACEMENT CHARACTER}")
    if damaged >= 0:
        raise TableRefused(
            _("Chữ đã bị hỏng trước khi đến đây (ký tự thay thế “�”)."),
            _("Xuất lại tệp từ bản gốc với bảng mã UTF-8."),
            text.count("\n", 0, damaged) + 1,
        )
    return text, notes


def _utf_8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _is_utf_32(content: bytes) -> bool:
    """Its marks, or three of four bytes of the beginning zero: to UTF-16 these would be letters with zeros between."""
    start = content[:400]
    return start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) or start.count(0) > len(start) * 5 // 8


def _utf_16(content: bytes) -> str | None:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = content[:400]
    if start[1::2].count(0) > len(start) // 4:  # most letters of a header are ASCII: every second byte is zero
        return "utf-16-le"
    return "utf-16-be" if start[::2].count(0) > len(start) // 4 else None


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableRefused(
            _("Tệp dùng bảng mã UTF-16 nhưng bị hỏng hoặc bị cắt."),
            _("Lưu lại dạng “CSV UTF-8 (Comma delimited)” hoặc .xlsx."),
        ) from error


def _windows_1258(content: bytes) -> str:
    """Old Windows text, if it can be nothing else: every word with marks is a Vietnamese syllable."""
    if b"\0" in content:
        raise TableRefused(
            _("Đây không phải tệp văn bản, cũng không phải bảng tính đọc được."),
            _("Lưu lại dạng “CSV UTF-8 (Comma delimited)” hoặc .xlsx."),
        )
    text = unicodedata.normalize("NFC", content.decode("cp1258", errors="replace"))
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.isascii() and not _is_right(line):
            raise _not_utf_8(content.split(b"\n")[number - 1].decode("cp1252", errors="replace"), number)
    return text


def _not_utf_8(line: str, number: int) -> TableRefused:
    reading = old_font(line)
    said = (
        _(
            "Chữ ở dòng này dùng phông cũ %(font)s: “%(reading)s”.",
            font=reading[0].name,
            reading=reading[1].strip()[:60],
        )
        if reading
        else _("Chữ ở dòng này không phải bảng mã UTF-8 (có thể là Windows-1258, TCVN3 hoặc VNI).")
    )
    mend = _("Mở bằng Excel và lưu lại dạng “CSV UTF-8 (Comma delimited)” hoặc .xlsx; chuyển phông chữ sang Unicode.")
    return TableRefused(said, mend, number)


def _is_right(line: str) -> bool:
    if has_lost_letters(line):  # a letter the encoding did not have was written as "?"
        return False
    marked = [word for word in _WORD.findall(line) if not word.isascii()]
    others = {letter for letter in line if not letter.isascii() and not letter.isalpha()}
    return others <= _OLD_PUNCTUATION and all(is_syllable(word) for word in marked)
