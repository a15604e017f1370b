"""Which questions of the questionnaires stand in a file, and what they ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.exports.queries import fetch_counted_items, fetch_definitions
from survey.questionnaires.definition import Definition


@dataclass(frozen=True)
class Items:
    """Rated questions by code with their newest words; `own`: those that no other sector asks."""

    texts: Mapping[str, str]
    own: frozenset[str]


def items_of(sector: str | None, language: str) -> Items:
    """The rated questions of a sector's questionnaires (None: of all), in the order in which they came up.

    Of forms that are not asked at counters only what was ever answered.
    """
    counted = fetch_counted_items()
    texts: dict[str, str] = {}
    others: set[str] = set()
    for of, is_default, definition in fetch_definitions():
        for item in Definition.parse(definition).items:
            if not item.is_rated or not (is_default or item.code in counted):
                continue
            if sector in (None, of):
                texts[item.code] = item.label(language)
            else:
                others.add(item.code)
    return Items(texts, frozenset(texts) - others)
