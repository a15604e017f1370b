"""Text as the fonts can print it: what has no glyph becomes one that means the same, or a visible mark."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import Any

from survey.foundation.configuration.settings import ROOT
from survey.foundation.text.vietnamese_text import ORDINARY

FONTS = ROOT / "static" / "fonts"
OTHER_SCRIPTS = ("NotoSans", "NotoSansKhmer", "NotoSansCham", "NotoSansTaiViet")  # citizens write in them too
DOCUMENT = ("Tinos", *OTHER_SCRIPTS)
SHEETS = ("BeVietnamPro", *DOCUMENT)  # posters and forms: letters the first has not are set in the next that has
BREAKS = "\n\t"
# What Word writes for bullets and ticks through its symbol fonts.
SAME = {"\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf02d": "-", "\uf0fc": "(x)", "✓": "(x)", "✔": "(x)"}


@dataclass
class Replaced:
    """A value with every text printable, and where in it something had no glyph: the field's path and the signs."""

    value: Any
    signs: dict[str, str] = field(default_factory=dict)


def printable(value: Any, path: str = "document", families: tuple[str, ...] = DOCUMENT) -> Replaced:
    """The same value, its texts in NFC and made of what one of the families has."""
    signs: dict[str, str] = {}
    return Replaced(_printable(value, path, signs, families), signs)


def shown(value: Any, path: str, families: tuple[str, ...] = DOCUMENT) -> Any:
    """The same value, printable; the log names each field in which a sign had no glyph, and nothing else of it."""
    replaced = printable(value, path, families)
    for place, signs in replaced.signs.items():
        logging.getLogger("hai_long").warning("no glyph in the document's font: %s has %s", place, signs)
    return replaced.value


def lacking(text: str) -> str:
    """The signs of a text that the documents' font has not, as "✈ (U+2708)"; '' where it has all."""
    if ORDINARY.fullmatch(text):
        return ""
    missing = dict.fromkeys(sign for sign in text if sign != "\r" and _printed(sign, DOCUMENT) != sign)
    return ", ".join(f"{sign} (U+{ord(sign):04X})" if sign.isprintable() else f"U+{ord(sign):04X}" for sign in missing)


def _printable(value: Any, path: str, signs: dict[str, str], families: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value)
        missing = "".join(dict.fromkeys(sign for sign in text if _printed(sign, families) != sign))
        if missing:
            signs[path] = ", ".join(f"U+{ord(sign):04X}" for sign in missing)
        return "".join(_printed(sign, families) for sign in text) if missing else text
    if isinstance(value, tuple | list):
        return type(value)(_printable(part, f"{path}[{place}]", signs, families) for place, part in enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        names = [field_.name for field_ in fields(value) if field_.init]
        return replace(
            value, **{name: _printable(getattr(value, name), f"{path}.{name}", signs, families) for name in names}
        )
    if isinstance(value, dict):
        return {name: _printable(part, f"{path}.{name}", signs, families) for name, part in value.items()}
    return value


@lru_cache(maxsize=20_000)
def _printed(sign: str, families: tuple[str, ...]) -> str:
    if sign in BREAKS or _has_glyphs(sign, families):
        return sign
    if unicodedata.category(sign) in ("Cf", "Cc") or "VARIATION SELECTOR" in unicodedata.name(sign, ""):
        return ""
    for same in _alike(sign):
        if _has_glyphs(same, families):
            return same
    return f"[U+{ord(sign):04X}]"


def _alike(sign: str) -> Iterator[str]:
    if sign in SAME:
        yield SAME[sign]
    yield unicodedata.normalize("NFKC", sign)


def _has_glyphs(text: str, families: tuple[str, ...]) -> bool:
    # Headings are set in capitals, so those are needed too.
    return all(any(ord(sign) in glyphs(family) for family in families) for sign in text + text.upper())


@cache
def glyphs(family: str = "Tinos") -> frozenset[int]:
    """The code points that every face of a family has."""
    from matplotlib.ft2font import FT2Font  # slow to load, and only documents need it

    faces = [FT2Font(str(path)).get_charmap() for path in sorted(FONTS.glob(f"{family}-*.ttf"))]
    return frozenset(set.intersection(*(set(face) for face in faces)))
