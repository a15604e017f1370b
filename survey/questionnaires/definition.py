"""A questionnaire's definition: immutable data that says what is asked, and the check of answers against it.

As JSON::

    {"factors": [{"code": "access", "text": {"vi": "…", "en": "…"}}],
     "items": [{"code": "overall_service", "type": "rating", "text": {"vi": "…"}, "subject": "agency_service"},
               {"code": "access_seats", "type": "rating", "text": {"vi": "…", "en": "…"}, "factor": "access"}]}

Item codes are stable: they name the fields of the citizen's form, the columns of imports and the keys of stored
answers. An item with a `subject` is the overall question of that subject; any one of them is a complete answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from survey.questionnaires.definition_schema import DefinitionError, check_code, check_keys, items_of, text_of

DEFAULT_LANGUAGE = "vi"
RATING = "rating"
ITEM_TYPES = (RATING,)
NO_OPINION = 0
COMMENT_LIMIT = 2000  # characters of what a citizen writes
RATINGS = range(1, 6)
OVERALL_ITEMS: Mapping[str, str] = MappingProxyType(
    {
        "procedures": "overall_procedures",
        "agency_service": "overall_service",
        "health_service": "overall_health",
        "education_service": "overall_education",
    }
)

__all__ = ["AnswerProblem", "Definition", "DefinitionError", "Factor", "Item"]


class AnswerProblem(ValueError):
    """Answers that do not fit the questionnaire. `item` is the code at fault, None when nothing was answered."""

    def __init__(self, item: str | None, message: str) -> None:
        super().__init__(message)
        self.item = item


@dataclass(frozen=True)
class Factor:
    """A heading under which optional items stand (SIPAS: access, procedures, officials, result, feedback)."""

    code: str
    text: Mapping[str, str]

    def label(self, language: str) -> str:
        """Its name in a language; Vietnamese where there is no translation."""
        return self.text.get(language, self.text[DEFAULT_LANGUAGE])


@dataclass(frozen=True)
class Item:
    """One question. `subject` makes it the overall question of that subject; `factor` groups an optional item."""

    code: str
    type: str
    text: Mapping[str, str]
    subject: str | None = None
    factor: str | None = None

    @property
    def is_rated(self) -> bool:
        """Whether it is answered with 1-5 (or no opinion): only such items are counted, averaged and exported."""
        return self.type == RATING

    def label(self, language: str) -> str:
        """The question in a language; Vietnamese where there is no translation."""
        return self.text.get(language, self.text[DEFAULT_LANGUAGE])


@dataclass(frozen=True)
class Definition:
    """What one version of a questionnaire asks."""

    items: tuple[Item, ...]
    factors: tuple[Factor, ...] = ()

    @classmethod
    def parse(cls, data: object) -> Definition:
        """Read a definition from its JSON form.

        Raises:
            DefinitionError: saying where the definition is wrong and how to mend it.
        """
        if not isinstance(data, dict):
            raise DefinitionError("definition", _("phải là một đối tượng JSON có khóa “items”"))
        check_keys("definition", data, required={"items"}, optional={"factors"})
        factors = tuple(_factor(where, entry) for where, entry in items_of("factors", data.get("factors", [])))
        items = tuple(_item(where, entry) for where, entry in items_of("items", data["items"]))
        definition = cls(items, factors)
        _check_whole(definition)
        return definition

    @property
    def overall_items(self) -> tuple[Item, ...]:
        """The overall questions, in order."""
        return tuple(item for item in self.items if item.subject)

    @property
    def optional_items(self) -> tuple[Item, ...]:
        """All other questions, in order."""
        return tuple(item for item in self.items if not item.subject)

    def check(self, answers: Mapping[str, object]) -> dict[str, int | str]:
        """The answers in the questionnaire's order: ratings 1-5, 0 = no opinion; None means not answered.

        Raises:
            AnswerProblem: an unknown item, a value off its scale, or no overall question answered.
        """
        known = {item.code for item in self.items}
        for code in answers:
            if code not in known:
                raise AnswerProblem(code, _("Phiếu này không có câu hỏi “%(item)s”.", item=str(code)[:40]))
        given = {
            item.code: _rating(item, answers[item.code]) for item in self.items if answers.get(item.code) is not None
        }
        if not any(item.code in given for item in self.overall_items):
            raise AnswerProblem(None, _("Chưa có đánh giá nào: vui lòng chọn ít nhất một mức hài lòng."))
        return dict(given)

    def overall(self, answers: Mapping[str, object]) -> dict[str, int]:
        """The overall ratings (1-5) by subject; "no opinion" is left out."""
        return {
            item.subject: value
            for item in self.overall_items
            if item.subject and isinstance(value := answers.get(item.code), int) and value in RATINGS
        }


def _rating(item: Item, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or (value != NO_OPINION and value not in RATINGS):
        message = _(
            "Câu “%(item)s” chỉ nhận số nguyên từ 1 đến 5, hoặc 0 (không có ý kiến); đã nhận: %(value)s.",
            item=item.code,
            value=repr(value)[:40],
        )
        raise AnswerProblem(item.code, message)
    return value


def _factor(where: str, entry: dict[str, Any]) -> Factor:
    check_keys(where, entry, required={"code", "text"})
    return Factor(check_code(where, entry["code"]), text_of(where, entry["text"]))


def _item(where: str, entry: dict[str, Any]) -> Item:
    check_keys(where, entry, required={"code", "type", "text"}, optional={"subject", "factor"})
    code = check_code(where, entry["code"])
    where = f"{where} ({code})"
    if entry["type"] not in ITEM_TYPES:
        raise DefinitionError(where, _("“type” phải là một trong: %(types)s", types=", ".join(ITEM_TYPES)))
    subject, factor = entry.get("subject"), entry.get("factor")
    expected = next((name for name, item_code in OVERALL_ITEMS.items() if item_code == code), None)
    if subject != expected:
        pairs = ", ".join(f"{item_code} - {name}" for name, item_code in OVERALL_ITEMS.items())
        raise DefinitionError(where, _("“code” và “subject” của câu hỏi chung phải đi đôi: %(pairs)s", pairs=pairs))
    if subject and factor:
        raise DefinitionError(where, _("câu hỏi chung không thuộc nhóm nào: bỏ “factor”"))
    return Item(code, entry["type"], text_of(where, entry["text"]), subject, factor)


def _check_whole(definition: Definition) -> None:
    for name, entries in (("items", definition.items), ("factors", definition.factors)):
        codes = [entry.code for entry in entries]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise DefinitionError(name, _("mã bị trùng: %(codes)s", codes=", ".join(twice)))
    if not definition.overall_items:
        known = ", ".join(OVERALL_ITEMS.values())
        raise DefinitionError("items", _("cần ít nhất một câu hỏi chung: %(codes)s", codes=known))
    factors = {factor.code for factor in definition.factors}
    for item in definition.items:
        if item.factor is not None and item.factor not in factors:
            raise DefinitionError(item.code, _("nhóm “%(factor)s” không có trong “factors”", factor=item.factor))
