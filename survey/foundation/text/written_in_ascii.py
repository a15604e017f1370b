"""Vietnamese that something on the way wrote in ASCII: references of HTML, escapes of JSON, the signs of VIQR."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from survey.foundation.text.syllables import is_syllable

_REFERENCE = re.compile(r"&(?:#[0-9]{3,5}|#[xX][0-9A-Fa-f]{2,4}|[A-Za-z]{3,6});|\\u[0-9A-Fa-f]{4}")
_LETTER = re.compile("[À-ýĂăĐđĨĩŨũƠơƯưẠ-ỹ\u0300-\u031b\u0323]")

_MARKS = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_TONES = {"`": "\u0300", "'": "\u0301", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VIQR = re.compile(r"([aeiouyAEIOUY])([(^+*]?)([`'?~.]?)|([dD])[dD]")
# Inside a word: at its end a full stop, a question mark and a quotation mark are what they seem.
_INSIDE = re.compile(r"[aeouAEOU][(^+*]|[aeiouyAEIOUY][`'?~.][A-Za-z]|\b[dD][dD]")
_AROUND = ".,;:!?\"'()“”"
SURE = 2  # words that become syllables until it is believed


def letters_written_out(text: str) -> str:
    """The text with Vietnamese letters for their references (`&#7879;`, `&aacute;`) and escapes (`\\u1ec7`)."""
    return _REFERENCE.sub(_letter, text) if "&" in text or "\\u" in text else text


def _letter(match: re.Match[str]) -> str:
    sign = unescape(match[0]) if match[0][0] == "&" else chr(int(match[0][2:], 16))
    return sign if _LETTER.fullmatch(sign) else match[0]


def read_viqr(text: str) -> str | None:
    """What a text in VIQR says; None where it is not one."""
    odd = [word for word in text.split() if _INSIDE.search(word)]
    mended = [word for word in odd if is_syllable(_read(word).strip(_AROUND))]
    return _read(text) if len(mended) >= SURE and 2 * len(mended) > len(odd) else None


def _read(text: str) -> str:
    return unicodedata.normalize("NFC", _VIQR.sub(_composed, text))


def _composed(match: re.Match[str]) -> str:
    if match[4]:
        return "đ" if match[4] == "d" else "Đ"
    return match[1] + _MARKS.get(match[2], "") + _TONES.get(match[3], "")
