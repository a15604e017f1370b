"""Fonts of the years before Unicode: their bytes, read as Western letters, still stand in files and on clipboards.

TCVN3 by TCVN 5712:1993, VNI and VPS as their keyboards wrote them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey.foundation.text.syllables import is_syllable

_TOKEN = re.compile("[^\\s\\d!-/:-@\\[-`{-~“”‘’–—…•]+")
_NO_FONT = frozenset({"µm"})

_VOWELS = "aàáảãạ ăằắẳẵặ âầấẩẫậ eèéẻẽẹ êềếểễệ iìíỉĩị oòóỏõọ ôồốổỗộ ơờớởỡợ uùúủũụ ưừứửữự yỳýỷỹỵ"
# The same letters in the same order as the fonts have them; "-": as in ASCII. Capitals of TCVN3 are another font.
_TCVN3 = "-µ¸¶·¹ ¨»¾¼½Æ ©ÇÊÈÉË -ÌÐÎÏÑ ªÒÕÓÔÖ -×ÝØÜÞ -ßãáâä «åèæçé ¬êíëìî -ïóñòô \u00adõøö÷ù -úýûüþ"
_VPS = "-àáäãå æ¢¡£¤¥ âÀÃÄÅÆ -èéÈëË êŠ‰‹ÍŒ -ìíÌïÎ -òóÕõ† ôÒÓ°‡¶ Ö©§ª«® -ùúûÛø ÜØÙº»¿ -ÿš›Ïœ"
_VNI_TONES = "øùûõï"
_VNI_MARKS = {"â": "âầấẩẫậ", "ă": "ăằắẳẵặ", "ê": "êềếểễệ", "ô": "ôồốổỗộ"}


@dataclass(frozen=True)
class Font:
    """An old font: its name, its letters, and how many words must be read by it before it is believed."""

    name: str
    letters: dict[str, str]
    words: int = 1

    def read(self, text: str) -> str:
        """The text in Unicode."""
        longest_first = sorted(self.letters, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), lambda match: self.letters[match[0]], text)


def _by_letter(row: str, more: dict[str, str]) -> dict[str, str]:
    pairs = zip(row.split(" "), _VOWELS.split(" "), strict=True)
    letters = {old: new for olds, news in pairs for old, new in zip(olds, news, strict=True) if old != "-"}
    return letters | more


def _vni() -> dict[str, str]:
    letters = {"ñ": "đ", "ô": "ơ", "ö": "ư", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
    for base, letter in (("a", "a"), ("e", "e"), ("o", "o"), ("u", "u"), ("y", "y"), ("ô", "ơ"), ("ö", "ư")):
        row = next(row for row in _VOWELS.split(" ") if row[0] == letter)
        letters |= {base + mark: toned for mark, toned in zip(_VNI_TONES, row[1:], strict=True)}
    for base, plain, marks in (("a", "â", "âàáåãä"), ("a", "ă", "êèéúüë"), ("e", "ê", "âàáåãä"), ("o", "ô", "âàáåãä")):
        letters |= {base + mark: toned for mark, toned in zip(marks, _VNI_MARKS[plain], strict=True)}
    upper = {old.upper(): new.upper() for old, new in letters.items()}
    return {old[0].upper() + old[1:]: new.upper() for old, new in letters.items()} | upper | letters


def _windows_1258() -> dict[str, str]:
    """Windows-1258, whose tones are letters to Western Windows."""
    bases = {"ă": "ã", "ơ": "õ", "ư": "ý"}
    letters = {"ð": "đ", "Ð": "Đ", "ã": "ă", "Ã": "Ă", "õ": "ơ", "Õ": "Ơ", "ý": "ư", "Ý": "Ư"}
    for row in _VOWELS.split(" "):
        base = bases.get(row[0], row[0])
        for tone, toned in zip("ÌÒÞìò", (row[1], row[3], row[4], row[2], row[5]), strict=True):
            letters |= {base + tone: toned, base.upper() + tone: toned.upper()}
    return letters


FONTS = (
    Font("VNI", _vni()),
    Font(
        "TCVN3 (ABC)",
        _by_letter(_TCVN3, {"®": "đ", "¡": "Ă", "¢": "Â", "§": "Đ", "£": "Ê", "¤": "Ô", "¥": "Ơ", "¦": "Ư"}),
    ),
    Font("Windows-1258", _windows_1258(), words=2),
    Font("VPS", _by_letter(_VPS, {"Ç": "đ", "ñ": "Đ"}), words=2),
)


def old_font(text: str) -> tuple[Font, str] | None:
    """The old font a text was written in and its reading, if most words that are no syllables become some by it."""
    odd = [
        word for word in _TOKEN.findall(text) if not word.isascii() and not is_syllable(word) and word not in _NO_FONT
    ]
    if not odd:
        return None
    for font in FONTS:
        mended = [word for word in map(font.read, odd) if len(word) > 1 and is_syllable(word)]
        if len(mended) >= font.words and 2 * len(mended) > len(odd):
            return font, font.read(text)
    return None
