"""Which sheets there are."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from survey.foundation.vocabulary import LANGUAGES

FORMATS: dict[str, LazyString] = {
    "a4": lazy_gettext("Áp phích A4"),
    "a5": lazy_gettext("Tờ A5 đặt tại quầy"),
    "tent": lazy_gettext("Biển để bàn (A4 gấp đôi)"),
    "slip": lazy_gettext("Phiếu nhỏ phát tay (8 phiếu mỗi tờ A4)"),
    "receipt": lazy_gettext("Giấy cuộn 80 mm"),
}
LANGUAGES_PRINTED: dict[str, str] = {"vi": LANGUAGES["vi"]}  # by the codes joined by "-", in that order
for _code, _name in LANGUAGES.items():
    if _code != "vi":
        LANGUAGES_PRINTED |= {f"vi-{_code}": f"{LANGUAGES['vi']} + {_name}", _code: _name}
DEFAULT_FORMAT, DEFAULT_LANGUAGES = "a5", "vi-en"
