"""A questionnaire's definition: immutable data that says what is asked, and the check of answers against it.

As JSON (`docs/questionnaire.schema.json`)::

    {"factors": [{"code": "access", "text": {"vi": "…", "en": "…"}}],
     "items": [{"code": "overall_service", "type": "rating", "text": {"vi": "…"}, "subject": "agency_service"},
               {"code": "access_seats", "type": "rating", "text": {"vi": "…", "en": "…"}, "factor": "access"},
               {"code": "trips", "type": "number", "range": [1, 50], "text": {"vi": "…"}, "fact": "trips"}]}

Item codes are stable: they name the fields of the citizen's form, the columns of imports and the keys of stored
answers. An item with a `subject` is the overall question of that subject; any one of them is a complete answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from survey.questionnaires.codes import DEFAULT_LANGUAGE
from survey.questionnaires.conditions import check_conditions
from survey.questionnaires.definition_schema import DefinitionError, DefinitionSchema, Factor, Source, read_definition
from survey.questionnaires.types.choices import ItemWithOptions
from survey.questionnaires.types.item import OVERALL_ITEMS, AnswerProblem, Condition, Item, Value
from survey.questionnaires.types.rating import NO_OPINION, RATINGS

COMMENT_LIMIT = 2000  # characters of what a citizen writes

__all__ = ["NO_OPINION", "RATINGS", "AnswerProblem", "Definition", "DefinitionError", "Factor", "Item"]


@dataclass(frozen=True)
class Definition:
    """What one version of a questionnaire asks.

    `scale`: the words of its levels 0-5 where it has its own; `intro`: who is asked, said above the questions;
    `asks_kind`: whether persons are told from organisations; `source`: the document it comes from.
    """

    items: tuple[Item, ...]
    factors: tuple[Factor, ...] = ()
    scale: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    intro: Mapping[str, str] | None = None
    asks_kind: bool = False
    source: Source | None = None

    @classmethod
    def parse(cls, data: object) -> Definition:
        """Read a definition from its JSON form.

        Raises:
            DefinitionError: saying where the definition is wrong and how to mend it.
        """
        read = read_definition(data)
        items, factors = tuple(read.items), tuple(read.factors)
        definition = cls(
            items,
            factors,
            {str(level): words for level, words in read.scale.items()},
            read.intro,
            read.asks_kind,
            read.source,
        )
        _check_whole(definition)
        check_conditions(items)
        return definition

    def as_json(self) -> dict[str, Any]:
        """The definition in the form in which it is stored; what it does not say is left out."""
        said = DefinitionSchema.model_construct(
            source=self.source, intro=self.intro, asks_kind=self.asks_kind, scale=self.scale
        ).model_dump(exclude_defaults=True)
        entries = (("factors", self.factors), ("items", self.items))
        return said | {name: [part.model_dump(exclude_defaults=True) for part in some] for name, some in entries}

    @cached_property
    def overall_items(self) -> tuple[Item, ...]:
        """The overall questions, in order."""
        return tuple(item for item in self.items if item.subject)

    @cached_property
    def optional_items(self) -> tuple[Item, ...]:
        """All other questions, in order."""
        return tuple(item for item in self.items if not item.subject)

    @cached_property
    def detail_codes(self) -> tuple[str, ...]:
        """The codes of the questions that are pooled."""
        return tuple(item.code for item in self.items if item.is_detail)

    @cached_property
    def _item_of(self) -> Mapping[str, Item]:
        return {item.code: item for item in self.items}

    @cached_property
    def _overall_codes(self) -> frozenset[str]:
        return frozenset(item.code for item in self.overall_items)

    @cached_property
    def _written_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_written)

    def follow_ups(self, code: str) -> tuple[Item, ...]:
        """The questions asked only after certain answers to an item."""
        return tuple(item for item in self.items if item.shown_if and item.shown_if.item == code)

    def level(self, value: int, language: str) -> str | None:
        """The words of a level of the scale; None where the questionnaire has none of its own."""
        words = self.scale.get(str(value))
        return words.get(language, words[DEFAULT_LANGUAGE]) if words else None

    def answer_labels(self, item: Item, values: Iterable[int], language: str, levels: Sequence[object]) -> list[str]:
        """What citizens call these answers to an item; `levels`: the words of ratings 1-5."""
        if item.is_rated:
            return [str(levels[value - 1]) for value in values if value in RATINGS]
        options = item.options if isinstance(item, ItemWithOptions) else []
        named = {option.value: option.label(language) for option in options}
        return [named.get(value, _("Có") if value else _("Không")) for value in values]

    def check(self, answers: Mapping[str, object], *, commented: bool = False) -> dict[str, Value]:
        """The answers in the questionnaire's order, each as its type stores it; None means not answered.

        `commented`: words came with them, which are taken without a rating too. What follows up on an answer that was
        not given after all is left out.

        Raises:
            AnswerProblem: an unknown item, a value that is no answer to its item, or neither an overall
                question answered nor a comment.
        """
        for code in answers:
            if code not in self._item_of:
                raise AnswerProblem(code, _("Phiếu này không có câu hỏi “%(item)s”.", item=str(code)[:40]))
        given: dict[str, Value] = {}
        for code, item in self._item_of.items():
            value = answers.get(code)
            if value is not None and (item.shown_if is None or _is_asked(item.shown_if, given)):
                given[code] = item.check(value)
        if not commented and given.keys().isdisjoint(self._overall_codes):
            raise AnswerProblem(None, _("Chưa có đánh giá nào: vui lòng chọn ít nhất một mức hài lòng."))
        return given

    def codes_asked_alike(self, other: Definition) -> set[str]:
        """The codes of the questions that stand in another questionnaire too, so that an answer fits both.

        An overall question is told by its subject, any other by its words and what it takes; ratings also by the
        words of their levels.
        """
        return {
            code
            for code, item in self._item_of.items()
            if code in other._item_of
            and _is_alike(item, other._item_of[code])
            and (not item.is_rated or self.scale == other.scale)
        }

    def overall(self, answers: Mapping[str, object]) -> dict[str, int]:
        """The overall ratings (1-5) by subject; "no opinion" is left out."""
        return {
            item.subject: value
            for item in self.overall_items
            if item.subject and isinstance(value := answers.get(item.code), int) and value in RATINGS
        }

    def written(self, answers: Mapping[str, Value]) -> list[str]:
        """What was answered in words, in the questionnaire's order."""
        return [str(answers[item.code]) for item in self._written_items if item.code in answers]

    def without_words(self, answers: Mapping[str, Value]) -> dict[str, Value]:
        """The answers that are no words."""
        if not self._written_items:
            return dict(answers)
        return {code: value for code, value in answers.items() if not self._item_of[code].is_written}


def _is_asked(condition: Condition, given: Mapping[str, Value]) -> bool:
    return given.get(condition.item) in condition.values


def _is_alike(item: Item, other: Item) -> bool:
    if item.subject:
        return item.subject == other.subject
    placed_or_told = {"subject", "factor", "shown_if", "fact", "confidence", "note", "text"}
    takes = [asked.model_dump(exclude=placed_or_told) for asked in (item, other)]
    return takes[0] == takes[1] and item.label(DEFAULT_LANGUAGE) == other.label(DEFAULT_LANGUAGE)


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
