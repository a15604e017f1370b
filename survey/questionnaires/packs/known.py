"""Languages of Vietnam that a pack is prepared for: right code, letters, and a font that has them. No pack is invented.

Codes by ISO 639-3 (km: 639-1); `letters` beyond those of English, as the alphabets write them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask_babel import LazyString, lazy_gettext

FONTS = {"Latn": "Noto Sans", "Khmr": "Noto Sans Khmer", "Cham": "Noto Sans Cham", "Tavt": "Noto Sans Tai Viet"}

SCRIPTS: dict[str, LazyString] = {
    "Latn": lazy_gettext("chữ La-tinh"),
    "Khmr": lazy_gettext("chữ Khmer"),
    "Cham": lazy_gettext("chữ Chăm"),
    "Tavt": lazy_gettext("chữ Thái Việt"),
}


class KnownLanguage(NamedTuple):
    """A language: its code, its Vietnamese name, its script (ISO 15924), and letters that need a font."""

    code: str
    vietnamese: str
    script: str
    letters: str

    @property
    def script_words(self) -> str:
        """What people call its script."""
        return str(SCRIPTS[self.script])

    @property
    def font(self) -> str:
        """The vendored family that has its letters."""
        return FONTS[self.script]


@cache
def known_languages() -> tuple[KnownLanguage, ...]:
    """All of them."""
    return tuple(
        KnownLanguage(**entry)
        for entry in json.loads(Path(__file__).with_name("known.json").read_text(encoding="utf-8"))
    )
