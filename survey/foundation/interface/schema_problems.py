"""What is wrong with JSON from outside, in the reader's language: where, and one sentence for each type of error.

The types are pydantic's (https://docs.pydantic.dev/latest/errors/validation_errors/). A schema's own check raises a
`ValueError` that holds the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

Location = tuple[int | str, ...]


class SchemaProblem(NamedTuple):
    """Where something is wrong (``items[2].text``; empty for the whole), and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


def schema_problems(error: ValidationError, tags: Container[int | str] = ()) -> list[SchemaProblem]:
    """Everything a schema found wrong. `tags`: names of a union's members, which are no part of a place."""
    return [_problem(details, tags) for details in error.errors(include_url=False)]


def _problem(details: ErrorDetails, tags: Container[int | str]) -> SchemaProblem:
    loc, type_ = details["loc"], details["type"]
    if type_ in _KEY_SENTENCES:
        return SchemaProblem(_where(loc[:-1], tags), _KEY_SENTENCES[type_](str(loc[-1])))
    if type_ == "union_tag_invalid":
        loc = (*loc, details["ctx"]["discriminator"].strip("'"))
    return SchemaProblem(_where(loc, tags), _sentence(type_, details.get("ctx", {})))


def _where(loc: Location, tags: Container[int | str]) -> str:
    """``("items", 2, "rating", "text")`` as ``items[2].text``."""
    place = ""
    for before, step in zip((None, *loc), loc, strict=False):
        if isinstance(step, int):
            place += f"[{step}]"
        elif not (isinstance(before, int) and step in tags) and step != "[key]":
            place += f".{step}" if place else step
    return place


def _sentence(type_: str, context: Mapping[str, Any]) -> str:
    if type_ == "value_error" and not isinstance(context["error"], UnicodeError):
        return str(context["error"])
    told = _SENTENCES.get(type_)
    return told(context) if told else str(_("giá trị không hợp lệ"))


def _one_of(context: Mapping[str, Any]) -> str:
    names = re.findall(r"'([^']*)'", str(context.get("expected") or context.get("expected_tags")))
    return str(_("phải là một trong: %(types)s", types=", ".join(names)))


def _object(_context: Mapping[str, Any]) -> str:
    return str(_("phải là một đối tượng JSON"))


def _whole_number(_context: Mapping[str, Any]) -> str:
    return str(_("phải là số nguyên"))


def _not_unicode(_context: Mapping[str, Any]) -> str:
    return str(_("có ký tự không thuộc Unicode"))


_KEY_SENTENCES: Mapping[str, Callable[[str], str]] = {
    "missing": lambda key: _("thiếu khóa: %(keys)s", keys=key),
    "extra_forbidden": lambda key: _("có khóa lạ: %(keys)s", keys=key),
}
_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "model_type": _object,
    "model_attributes_type": _object,
    "dict_type": _object,
    "mapping_type": _object,
    "list_type": lambda _context: _("phải là một danh sách"),
    "string_type": lambda _context: _("phải là chuỗi"),
    "string_unicode": _not_unicode,
    "value_error": _not_unicode,
    "int_type": _whole_number,
    "int_from_float": _whole_number,
    "bool_type": lambda _context: _("phải là true hoặc false"),
    "literal_error": _one_of,
    "union_tag_invalid": _one_of,
    "union_tag_not_found": lambda context: _("thiếu khóa: %(keys)s", keys=context["discriminator"].strip("'")),
    "string_too_short": lambda context: _("phải dài ít nhất %(n)s ký tự", n=context["min_length"]),
    "string_too_long": lambda context: _("dài tối đa %(n)s ký tự", n=context["max_length"]),
    "too_short": lambda context: _("phải có ít nhất %(n)s phần tử", n=context["min_length"]),
    "too_long": lambda context: _("có tối đa %(n)s phần tử", n=context["max_length"]),
    "greater_than": lambda context: _("phải lớn hơn %(n)s", n=context["gt"]),
    "greater_than_equal": lambda context: _("phải từ %(n)s trở lên", n=context["ge"]),
    "less_than": lambda context: _("phải nhỏ hơn %(n)s", n=context["lt"]),
    "less_than_equal": lambda context: _("tối đa là %(n)s", n=context["le"]),
    "string_pattern_mismatch": lambda context: _("không đúng dạng %(pattern)s", pattern=context["pattern"]),
}
