"""Which themes a comment speaks about: phrases of a dictionary that is data, matched syllable by syllable.

A comment written with marks is read with them. In one written without any, phrases of several syllables are found
("cho lau"), single syllables are not, for without marks they are many words ("cho" is chờ, cho, chợ). The themes say
what a comment is about, never whether it praises: "không phải chờ" and "phải chờ" are both about waiting, so a negation
cannot turn a count round. What the writer thought of the visit is told by the rating beside the comment.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from survey.foundation.text.vietnamese import fold
from survey.foundation.text.vietnamese_text import normal

DICTIONARY = Path(__file__).with_name("themes.json")
LONGEST_WORD = 40  # letters
TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Theme:
    """One theme with the phrases that speak of it, as an official may check them."""

    key: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Syllable:
    """`exact`: quality marks in place, the tone at the end (so that hòa and hoà are one); `folded`: without any."""

    exact: str
    folded: str


Phrase = tuple[tuple[Syllable, ...], str]  # and the key of its theme


@cache
def themes() -> tuple[Theme, ...]:
    """Every theme in the order of documents."""
    return tuple(Theme(theme["key"], tuple(theme["terms"])) for theme in _content()["themes"])


def themes_of(text: str) -> frozenset[str]:
    """The keys of the themes a comment speaks about; none where it says nothing that the dictionary knows."""
    said = tuple(map(syllable, words(text)))
    bare = all(syllable_said.exact == syllable_said.folded for syllable_said in said)
    spoken_of: set[str] = set()
    for place, first in enumerate(said):
        for phrase, theme in _phrases().get(first.folded, ()):
            if theme not in spoken_of and _matches(phrase, said[place : place + len(phrase)], bare=bare):
                spoken_of.add(theme)
    return frozenset(spoken_of)


def says_nothing(text: str) -> bool:
    """Whether a comment only says that there is none: "không có ý kiến", a dash, a smiley."""
    said = tuple(syllable(word).folded for word in words(text))
    return not said or said in _nothing_said()


def words(text: str) -> list[str]:
    """The words of a text, each mark within its letter."""
    return _WORD.findall(normal(text))


def syllable(word: str) -> Syllable:
    """A word in the form it is compared in. What no word is as long as would stay in memory for nothing."""
    return _syllable(word) if len(word) <= LONGEST_WORD else _worked_out(word)


def _worked_out(word: str) -> Syllable:
    letters = unicodedata.normalize("NFD", word.casefold())
    tone = "".join(letter for letter in letters if letter in TONES)
    return Syllable("".join(letter for letter in letters if letter not in TONES) + tone, fold(word))


_syllable = lru_cache(maxsize=20_000)(_worked_out)


def _matches(phrase: tuple[Syllable, ...], said: tuple[Syllable, ...], *, bare: bool) -> bool:
    if bare and len(phrase) > 1:
        return [spoken.folded for spoken in said] == [term.folded for term in phrase]
    return [spoken.exact for spoken in said] == [term.exact for term in phrase]


@cache
def _phrases() -> dict[str, list[Phrase]]:
    """Phrases by their first syllable without marks."""
    phraseses_by_key: dict[str, list[Phrase]] = defaultdict(list)
    for theme in themes():
        for term in theme.terms:
            phrase = tuple(map(syllable, words(term)))
            phraseses_by_key[phrase[0].folded].append((phrase, theme.key))
    return dict(phraseses_by_key)


@cache
def _nothing_said() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(fold(text).split()) for text in _content()["nothing_said"])


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(DICTIONARY.read_text(encoding="utf-8"))
    return content
