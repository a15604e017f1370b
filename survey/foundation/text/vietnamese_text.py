"""One text for what a person meant, whatever device, keyboard or clipboard it comes from.

Composed or not, marks in any order, letters of another alphabet that only look Latin, the eth of old keyboards for đ,
full-width forms, signs nobody sees, UTF-8 once read as another encoding, letters as references: all become the same
text. Everything that comes in goes through `normal`; what cannot be made right is told by
`survey.foundation.text.damaged_text`.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from survey.foundation.text.misread import reread
from survey.foundation.text.syllables import is_syllable
from survey.foundation.text.written_in_ascii import letters_written_out

_MARKED = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
# Every letter, digit and sign that Vietnamese is usually written with: nothing needs to be looked at.
ORDINARY = re.compile(f"[ -~\n\r\t{_MARKED}{_MARKED.upper()}–—‘’“”…•]*")

# HTML's "control code points" but tab and line ends, and its "noncharacters" (https://infra.spec.whatwg.org/#code-points).
_LAST_OF_EACH_PLANE = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNPRINTABLE = re.compile(f"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{_LAST_OF_EACH_PLANE}]")

# Widths, directions, soft hyphens, fillers, byte order marks: nobody sees them, and every comparison does.
_UNSEEN = [
    *("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u3164\ufeff\uffa0"),
    *(
        chr(code_point)
        for first, last in ((0x180B, 0x180F), (0x202A, 0x202E), (0x2060, 0x206F))
        for code_point in range(first, last + 1)
    ),
    *map(chr, range(0xFFF9, 0xFFFC)),
    *map(chr, range(0xE0000, 0xE0080)),
]
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_SIGNS = str.maketrans(
    {"\u2028": "\n", "\u2029": "\n", "Ð": "Đ", "ð": "đ", "Ɖ": "Đ", "ɖ": "đ"}
    | dict.fromkeys(_UNSEEN, "")
    | dict.fromkeys(_SPACES, " ")
)
# Between signs a joiner makes one emoji of two, behind one a selector chooses its drawing; in words they are noise.
_JOINERS = re.compile("(?<![^\\w\\s])[\u200c\u200d]|[\u200c\u200d](?![^\\w\\s])|(?<![^\\w\\s])[\ufe00-\ufe0f]")
_HAS_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
_OTHER_WIDTHS = re.compile("[\uff01-\uff5e\ufb00-\ufb06\U0001d400-\U0001d7ff]+")
_MARK = re.compile("[\u0300-\u036f]")

_STRUCK = re.compile("([dD])[\u0335\u0336]")
_SHAPES = str.maketrans(
    "АВЕКМНОРСТУХІЈЅавекорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορυικɑɡ", "ABEKMHOPCTYXIJSabekopcyxijsABEZHIKMNOPTYXavopuikag"
)
_SHAPED = frozenset(map(chr, _SHAPES))
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f\u0251\u0261]")
_GREEK = re.compile("[\u0370-\u03ff]")
_LATIN = re.compile("[A-Za-z]")
_WORD = re.compile("(?:[^\\W\\d_][\u0300-\u036f]*)+")
_HAS_ALIKE = re.compile("[ı\u030c\u0315\u01cd-\u01d4]")
_ALIKE = str.maketrans({"\u030c": "\u0306", "ı": "i", "\u0315": "\u031b"})  # caron and breve, dotless i, comma and horn

_QUALITIES = "\u0302\u0306\u031b"
_VOWEL = re.compile("([aeouAEOU])([\u0300-\u036f]{2,})")


def plain(text: str) -> str:
    """The text without control characters (tabs and line ends stay) and noncharacters."""
    return _UNPRINTABLE.sub("", text)


def normal(text: str) -> str:
    """The one text: NFC, marks in order, Vietnamese letters where others only look like them, nothing unseen.

    Tabs, line ends and surrounding spaces stay. What is normal already comes back as it is.
    """
    text = letters_written_out(text)
    if ORDINARY.fullmatch(text):
        return text
    text = plain(reread(text)).translate(_SIGNS)
    if _HAS_JOINERS.search(text):
        text = _JOINERS.sub("", text)
    text = _OTHER_WIDTHS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    if _FOREIGN.search(text):
        text = _latin_where_meant(unicodedata.normalize("NFD", text))
    text = unicodedata.normalize("NFC", text)
    return _marked_rightly(text) if _MARK.search(text) or _HAS_ALIKE.search(text) else text


def _marked_rightly(text: str) -> str:
    """Text that NFC alone leaves with marks of their own, or with letters that only look Vietnamese."""
    text = _STRUCK.sub(_stroke, unicodedata.normalize("NFD", text))
    text = _WORD.sub(_as_syllable, _VOWEL.sub(_in_order, text))
    return unicodedata.normalize("NFC", text)


def _stroke(match: re.Match[str]) -> str:
    return "đ" if match[1] == "d" else "Đ"


def _in_order(match: re.Match[str]) -> str:
    """A vowel with its circumflex, breve or horn first and its tone behind, each once."""
    marks = [mark for mark, _same in groupby(sorted(match[2], key=lambda mark: mark not in _QUALITIES))]
    return match[1] + "".join(marks)


def _latin_where_meant(text: str) -> str:
    """Words made of two alphabets; a whole word of the other only where the rest of the text is Latin."""
    words = _WORD.findall(text)
    foreign = [word for word in words if _FOREIGN.search(word)]
    meant = {word for word in foreign if _LATIN.search(word) and _all_shaped(word)}
    if any(_LATIN.search(word) for word in words) and all(map(_all_shaped, foreign)):
        meant.update(word for word in foreign if word.isupper() or not _GREEK.search(word))
    return _WORD.sub(lambda match: match[0].translate(_SHAPES) if match[0] in meant else match[0], text)


def _all_shaped(word: str) -> bool:
    return all(letter in _SHAPED for letter in word if _FOREIGN.match(letter))


def _as_syllable(match: re.Match[str]) -> str:
    """A word with a mark or a letter that is not Vietnamese but looks so, if it is a syllable with the right one."""
    word = match[0]
    mended = word.translate(_ALIKE)
    return mended if mended != word and is_syllable(mended) else word
