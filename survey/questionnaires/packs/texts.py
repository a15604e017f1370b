"""The texts of a questionnaire, as packs are asked for them and as they are put into its definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from survey.foundation.languages.citizen_languages import CitizenLanguage, installed_packs
from survey.foundation.languages.citizen_texts import CitizenText
from survey.foundation.vocabulary import LANGUAGES
from survey.questionnaires.codes import DEFAULT_LANGUAGE
from survey.questionnaires.definition import Definition

Json = Any


def texts_of(definition: Definition, key: str) -> Iterator[CitizenText]:
    """All that a questionnaire says; spoken are its overall questions and its levels: they are enough to rate."""
    spoken = {item.text[DEFAULT_LANGUAGE] for item in definition.overall_items}
    spoken |= {words[DEFAULT_LANGUAGE] for words in definition.scale.values()}
    for vietnamese in dict.fromkeys(text[DEFAULT_LANGUAGE] for text in _texts(definition.as_json())):
        yield CitizenText(vietnamese, key, vietnamese in spoken)


def vietnamese_of(definition: Json) -> frozenset[str]:
    """Every text of a definition's JSON, in Vietnamese: a pack that has them all speaks for the questionnaire."""
    return frozenset(text[DEFAULT_LANGUAGE] for text in _texts(definition))


def packs_speaking_for(definition: Json) -> dict[str, str]:
    """The packs' languages that have every text of a definition's JSON: names by code."""
    said = vietnamese_of(definition)
    packs = installed_packs().items()
    return {code: pack.name for code, pack in packs if code not in LANGUAGES and said <= pack.texts.keys()}


def worded(definition: Definition, language: str) -> Definition:
    """The questionnaire with the texts of a pack's language beside its own, where there is such a pack."""
    pack = installed_packs().get(language)
    return in_language(definition, pack) if pack and language not in LANGUAGES else definition


def in_language(definition: Definition, language: CitizenLanguage) -> Definition:
    """The questionnaire with a pack's texts beside its own."""
    return Definition.parse(with_texts(definition.as_json(), language))


def with_texts(definition: Json, language: CitizenLanguage) -> Json:
    """A definition's JSON with a pack's texts beside its own."""
    if isinstance(definition, Mapping):
        if _is_text(definition):
            own = language.texts.get(definition[DEFAULT_LANGUAGE])
            return {**definition, **({language.code: own} if own else {})}
        return {name: with_texts(part, language) for name, part in definition.items()}
    if isinstance(definition, list | tuple):
        return [with_texts(part, language) for part in definition]
    return definition


def _texts(definition: Json) -> Iterator[Mapping[str, str]]:
    if isinstance(definition, Mapping):
        if _is_text(definition):
            yield definition
            return
        definition = list(definition.values())
    if isinstance(definition, list | tuple):
        for part in definition:
            yield from _texts(part)


def _is_text(part: Mapping[str, Any]) -> bool:
    return isinstance(part.get(DEFAULT_LANGUAGE), str)
