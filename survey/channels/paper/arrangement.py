"""In which order a paper form asks, and a clerk types: each follow-up stands right below its question."""

from __future__ import annotations

from collections.abc import Iterable

from survey.questionnaires.definition import Definition
from survey.questionnaires.types.item import Item


def arranged(definition: Definition, language: str) -> list[tuple[str, list[Item]]]:
    """Parts with their headings ("" for none): the overall questions, each factor's, then all others."""
    first = [item for item in definition.items if item.shown_if is None]
    rest = [item for item in first if not item.subject]
    parts = [("", [item for item in first if item.subject])]
    parts += [(factor.label(language), [i for i in rest if i.factor == factor.code]) for factor in definition.factors]
    parts.append(("", [item for item in rest if item.factor is None]))
    return [(title, list(_with_follow_ups(definition, items))) for title, items in parts if items]


def numbered(definition: Definition) -> dict[str, int]:
    """The number before each question, from 1."""
    items = [item for _title, part in arranged(definition, "vi") for item in part]
    return {item.code: place for place, item in enumerate(items, start=1)}


def _with_follow_ups(definition: Definition, items: Iterable[Item]) -> Iterable[Item]:
    for item in items:
        yield item
        yield from _with_follow_ups(definition, definition.follow_ups(item.code))
