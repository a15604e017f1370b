"""Which sheets there are."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from survey.foundation.languages.citizen_languages import languages_and_packs

FIRST = "vi"
FORMATS: dict[str, LazyString] = {
    "a4": lazy_gettext("Áp phích A4"),
    "a5": lazy_gettext("Tờ A5 đặt tại quầy"),
    "tent": lazy_gettext("Biển để bàn (A4 gấp đôi)"),
    "slip": lazy_gettext("Phiếu nhỏ phát tay (8 phiếu mỗi tờ A4)"),
    "receipt": lazy_gettext("Giấy cuộn 80 mm"),
}
DEFAULT_FORMAT, DEFAULT_LANGUAGES = "a5", "vi-en"


def languages_printed() -> dict[str, str]:
    """What sheets may speak, each with its name: one language, or Vietnamese with another below, packs' too."""
    names = languages_and_packs()
    printed = {FIRST: names[FIRST]}
    for code, name in names.items():
        if code != FIRST:
            printed |= {f"{FIRST}-{code}": f"{names[FIRST]} + {name}", code: name}
    return printed


def codes_of(languages: str) -> list[str]:
    """The codes of one of `languages_printed`, in the order in which they are printed."""
    return [languages] if languages in languages_and_packs() else [FIRST, languages.removeprefix(f"{FIRST}-")]
