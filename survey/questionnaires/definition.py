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

from flask_babel import gettext as _

from survey.questionnaires.definition_schema import DefinitionError, Factor, read_definition
from survey.questionnaires.types.item import OVERALL_ITEMS, AnswerProblem, Item
from survey.questionnaires.types.rating import NO_OPINION, RATINGS

COMMENT_LIMIT = 2000  # characters of what a citizen writes

__all__ = ["NO_OPINION", "RATINGS", "AnswerProblem", "Definition", "DefinitionError", "Factor", "Item"]


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
        items, factors = read_definition(data)
        definition = cls(tuple(items), tuple(factors))
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
        given = {item.code: item.check(answers[item.code]) for item in self.items if answers.get(item.code) is not None}
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


def _check_whole(definition: Definition) -> None:
    for name, entries in (("items", definition.items), ("factors", definition.factors)):
        codes = [entry.code for entry in entries]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise DefinitionError.at(name, _("mã bị trùng: %(codes)s", codes=", ".join(twice)))
    if not definition.overall_items:
        known = ", ".join(OVERALL_ITEMS.values())
        raise DefinitionError.at("items", _("cần ít nhất một câu hỏi chung: %(codes)s", codes=known))
    factors = {factor.code for factor in definition.factors}
    for item in definition.items:
        if item.factor is not None and item.factor not in factors:
            raise DefinitionError.at(item.code, _("nhóm “%(factor)s” không có trong “factors”", factor=item.factor))
