"""What a clerk types for the boxes of a paper form, read as the answers it stands for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from survey.foundation.vocabulary import RESPONDENT_KINDS
from survey.questionnaires.definition import COMMENT_LIMIT, AnswerProblem, Definition
from survey.questionnaires.types.choices import ItemWithOptions
from survey.questionnaires.types.cleaning import clean_text
from survey.questionnaires.types.item import Item, Value

NUMBER, KEEP = "form-number", "form-keep"  # the page's own, with a dash: a question's code has none
BLANK = "-"  # typed for a question that was left alone
KINDS = dict(enumerate(RESPONDENT_KINDS, start=1))  # 1 individual, 2 organisation, as printed


@dataclass
class TypedForm:
    """A form as typed: `content` to keep, or what is wrong, by the name of its box."""

    content: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read_form(definition: Definition, fields: Mapping[str, str]) -> TypedForm:
    """Read all boxes; a blank or "-" is a question that was left alone."""
    form = TypedForm()
    answers: dict[str, Value] = {}
    for item in definition.items:
        try:
            if (value := read_answer(item, fields.get(item.code, ""))) is not None:
                answers[item.code] = value
        except AnswerProblem as problem:
            form.errors[item.code] = str(problem)
    if not form.errors:
        _check(definition, answers, form)
    form.content = {"answers": answers, "respondent_kind": _kind(fields, form), "comment": _comment(fields, form)}
    return form


def read_answer(item: Item, text: str) -> Value | None:
    """The answer to an item; None where it was left alone.

    Raises:
        AnswerProblem: what was typed is no answer to it.
    """
    text = clean_text(text)
    if text in ("", BLANK):
        return None
    return item.read_cell(_AS_WRITTEN.get(item.type, _plain)(item, text))


def typed_again(content: Mapping[str, Any]) -> dict[str, str]:
    """A kept form as its boxes were typed."""
    boxes = {
        code: " ".join(map(str, value)) if isinstance(value, list) else str(value)
        for code, value in content["answers"].items()
    }
    kinds = {kind: str(digit) for digit, kind in KINDS.items()}
    return boxes | {"respondent_kind": kinds.get(content["respondent_kind"], ""), "comment": content["comment"] or ""}


def _check(definition: Definition, answers: dict[str, Value], form: TypedForm) -> None:
    try:
        definition.check(answers)
    except AnswerProblem as problem:
        form.errors[problem.item or definition.overall_items[0].code] = str(problem)


def _kind(fields: Mapping[str, str], form: TypedForm) -> str | None:
    text = fields.get("respondent_kind", "").strip()
    if text in ("", BLANK):
        return None
    if text not in map(str, KINDS):
        form.errors["respondent_kind"] = _("Ghi 1 (cá nhân), 2 (tổ chức, doanh nghiệp) hoặc để trống.")
        return None
    return KINDS[int(text)]


def _comment(fields: Mapping[str, str], form: TypedForm) -> str | None:
    text = clean_text(fields.get("comment", ""))
    if len(text) > COMMENT_LIMIT:
        form.errors["comment"] = _("Ý kiến dài %(n)s ký tự, tối đa %(limit)s.", n=len(text), limit=COMMENT_LIMIT)
    return text or None


def _plain(_item: Item, text: str) -> str:
    return text


def _ticks(item: Item, text: str) -> str:
    """Digits in a row are ticks of their own where every option has one digit: 13 is 1 and 3."""
    one_digit = isinstance(item, ItemWithOptions) and max(item.values) <= 9
    return " ".join(text) if one_digit and text.isdigit() else text.replace(",", " ")


def _day(_item: Item, text: str) -> str:
    """02102026 and 2/10/2026 are 2026-10-02."""
    parts = text.replace(".", "/").replace("-", "/").split("/")
    if text.isascii() and text.isdigit() and len(text) == 8:
        parts = [text[:2], text[2:4], text[4:]]
    if len(parts) != 3 or len(parts[0]) == 4 or not all(part.isascii() and part.isdigit() for part in parts):
        return text
    try:
        return dt.date(int(parts[2]), int(parts[1]), int(parts[0])).isoformat()
    except ValueError:
        return text


_AS_WRITTEN: Mapping[str, Callable[[Item, str], str]] = {"multiple": _ticks, "date": _day}
