"""Codes and texts of what a questionnaire is made of, as its JSON gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from flask_babel import gettext as _
from pydantic import AfterValidator, PlainSerializer, WithJsonSchema
from wtforms import Form

from survey.foundation.languages.citizen_languages import LANGUAGE_CODE, is_language_code

DEFAULT_LANGUAGE = "vi"
_CODE = "[a-z][a-z0-9_]{0,39}"
# Item codes share a form with these fields, a page with these ids and a file with these columns.
_BESIDE = {
    *("id", "agency", "counter", "service", "answered_at", "channel", "respondent_kind", "language", "questionnaire"),
    *(
        "version",
        "comment",
        "reply",
        "shares_rating",
        "token",
        "sent",
        "sector",
        "lang",
        "submit",
        "csrf_token",
        "main",
    ),
}
# They are attributes of the form's class (WTForms') and of its own, and keys of objects in the kiosk's JavaScript.
RESERVED = frozenset({*_BESIDE, *dir(Form()), "definition", "answers", "constructor", "prototype"})
_INLINE = ("validate_", "filter_")  # WTForms takes such attributes for the checks of a field


def check_code(code: str) -> str:
    """A code of an item or factor: lower-case letters, digits and underscores, at most 40, and not reserved.

    Raises:
        ValueError: it is none; the sentence says why.
    """
    if not re.fullmatch(_CODE, code):
        raise ValueError(
            _("mã phải gồm chữ thường không dấu, chữ số, dấu gạch dưới, bắt đầu bằng chữ, dài tối đa 40 ký tự")
        )
    if code in RESERVED or code.startswith(_INLINE):
        raise ValueError(_("mã “%(code)s” đã dùng cho mục khác của phiếu", code=code))
    return code


def _check_language(language: str) -> str:
    if not is_language_code(language):
        raise ValueError(_("khóa phải là mã ngôn ngữ, ví dụ vi hoặc en"))
    return language


def _check_filled(text: str) -> str:
    text.encode()  # half a surrogate pair can be stored nowhere
    if not text.strip():
        raise ValueError(_("đang trống"))
    return text


def _check_vietnamese(text: Mapping[str, str]) -> Mapping[str, str]:
    if DEFAULT_LANGUAGE not in text:
        raise ValueError(_('phải có tiếng Việt: {"vi": "…"}'))
    return MappingProxyType(dict(text))


_Language = Annotated[str, AfterValidator(_check_language)]
_Filled = Annotated[str, AfterValidator(_check_filled)]
_CODE_SCHEMA = {"type": "string", "pattern": f"^{_CODE}$", "description": "Stable; no name the form uses itself."}
_TEXT_SCHEMA = {
    "type": "object",
    "required": [DEFAULT_LANGUAGE],
    "propertyNames": {"pattern": f"^{LANGUAGE_CODE}$"},
    "additionalProperties": {"type": "string", "pattern": "\\S"},
    "description": "By language; Vietnamese is shown where a language has no text.",
}
Code = Annotated[str, AfterValidator(check_code), WithJsonSchema(_CODE_SCHEMA)]
Text = Annotated[
    Mapping[_Language, _Filled], AfterValidator(_check_vietnamese), PlainSerializer(dict), WithJsonSchema(_TEXT_SCHEMA)
]
