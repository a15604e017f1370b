"""Text whose letters are lost or belong to an old font: recognised, so that it is refused by name and never stored."""

from __future__ import annotations

import re

from flask_babel import gettext as _

from survey.foundation.text.misread import SURELY_MISREAD
from survey.foundation.text.old_fonts import old_font
from survey.foundation.text.syllables import is_syllable
from survey.foundation.text.written_in_ascii import read_viqr

_LOST = re.compile(r"(?<![^\W\d_])([^\W\d_]+)\?([^\W\d_]+|[\u0300-\u036f])")
_ADDRESS = re.compile(r"(?<!\S)\S*[/=@]\S*")


def has_lost_letters(text: str) -> bool:
    """Whether a letter an encoding did not have was written as "?": between parts of a word that are no syllables."""
    neighbours = _LOST.findall(_ADDRESS.sub("", text))
    return any(not (is_syllable(before) and is_syllable(behind)) for before, behind in neighbours)


def damage(text: str) -> tuple[str, str] | None:
    """What is wrong with a text (already `normal`) and how to mend it, in words; None where nothing is."""
    if (reading := read_viqr(text)) is not None:
        return _of_font("VIQR", reading)
    if text.isascii() and "?" not in text:
        return None
    if "\N{REPLACEMENT CHARACTER}" in text:
        return _("Chữ đã bị hỏng trước khi đến đây (ký tự thay thế “�”)."), _("Gõ lại hoặc chép từ bản gốc.")
    if has_lost_letters(text):
        return _("Có chữ đã mất, còn lại dấu “?” giữa từ."), _("Gõ lại hoặc chép từ bản gốc.")
    if SURELY_MISREAD.search(text):
        return (
            _("Chữ đọc sai bảng mã (UTF-8 bị đọc thành bảng mã khác)."),
            _("Gõ lại, hoặc mở bản gốc với bảng mã UTF-8 rồi chép lại."),
        )
    of_font = old_font(text)
    return None if of_font is None else _of_font(of_font[0].name, of_font[1])


def _of_font(font: str, reading: str) -> tuple[str, str]:
    return (
        _("Chữ dùng phông cũ %(font)s.", font=font),
        _("Chuyển sang Unicode; có phải “%(reading)s”?", reading=reading[:60]),
    )
