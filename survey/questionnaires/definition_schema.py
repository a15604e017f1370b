"""Small checks shared by everything that reads a definition's JSON; every error says where and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from wtforms import Form

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Item codes share a form with these fields, a page with these ids and a file with these columns.
_BESIDE = {
    *("id", "agency", "counter", "service", "answered_at", "channel", "respondent_kind", "language", "questionnaire"),
    *("version", "comment", "reply", "token", "sent", "sector", "lang", "submit", "csrf_token", "main"),
}
# They are attributes of the form's class (WTForms') and of its own, and keys of objects in the kiosk's JavaScript.
RESERVED = frozenset({*_BESIDE, *dir(Form()), "definition", "answers", "constructor", "prototype"})
_INLINE = ("validate_", "filter_")  # WTForms takes such attributes for the checks of a field


class DefinitionError(ValueError):
    """A definition that cannot be used; the message names the place and the mend."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")
        self.where = where


def items_of(where: str, value: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list, each with its place: ``items[2]``."""
    if not isinstance(value, list):
        raise DefinitionError(where, _("phải là một danh sách"))
    for position, entry in enumerate(value):
        if not isinstance(entry, dict):
            raise DefinitionError(f"{where}[{position}]", _("phải là một đối tượng JSON"))
        yield f"{where}[{position}]", entry


def check_keys(
    where: str, entry: Mapping[str, Any], required: set[str], optional: set[str] | frozenset[str] = frozenset()
) -> None:
    """Refuse missing and unknown keys."""
    missing, unknown = sorted(required - entry.keys()), sorted(map(str, entry.keys() - required - optional))
    if missing:
        raise DefinitionError(where, _("thiếu khóa: %(keys)s", keys=", ".join(missing)))
    if unknown:
        raise DefinitionError(where, _("có khóa lạ: %(keys)s", keys=", ".join(unknown)))


def check_code(where: str, code: object) -> str:
    """A code of an item or factor: lower-case letters, digits and underscores, at most 40, and not reserved."""
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        problem = _("mã phải gồm chữ thường không dấu, chữ số, dấu gạch dưới, bắt đầu bằng chữ, dài tối đa 40 ký tự")
        raise DefinitionError(where, problem)
    if code in RESERVED or code.startswith(_INLINE):
        raise DefinitionError(where, _("mã “%(code)s” đã dùng cho mục khác của phiếu", code=code))
    return code


def text_of(where: str, value: object) -> Mapping[str, str]:
    """A text by language; Vietnamese must be there and none may be empty."""
    if not isinstance(value, dict) or "vi" not in value:
        raise DefinitionError(where, _('“text” phải có tiếng Việt: {"vi": "…"}'))
    for language, text in value.items():
        if not isinstance(text, str) or not text.strip():
            raise DefinitionError(where, _("“text.%(language)s” đang trống", language=language))
    return MappingProxyType(dict(value))
