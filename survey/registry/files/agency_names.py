"""Which agency a name means: written with "UBND" or without, old and new ones of one name told apart by the day."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from survey.foundation.text.vietnamese import fold
from survey.foundation.text.vietnamese_text import normal

Days = tuple[dt.date, dt.date]  # the first and the last day of what is told of an agency
Within = Callable[[int | None, str | None, int | None], bool]  # province, sector, agency: `ImportScope.allows`

_ABBREVIATED = (
    (("uy", "ban", "nhan", "dan"), "ubnd"),
    (("hoi", "dong", "nhan", "dan"), "hdnd"),
    (("thanh", "pho"), "tp"),
    (("thi", "xa"), "tx"),
)
_SHORT = frozenset(short for _long, short in _ABBREVIATED)
# "Xã Tân Hợp (huyện Mộc Châu cũ)" is not whichever Xã Tân Hợp there is.
_PLACE = re.compile(r"\([^)]*\b(?:cu|truoc|tinh|thanh pho|tp|huyen|quan|thi xa|thi tran|xa|phuong)\b[^)]*\)")
_BRACKETS = re.compile(r"\([^)]*\)")
LONGEST_NAME = 1000  # letters: none that a file may bring is longer
_WORD = re.compile(r"[^\W_]+")
Words = list[tuple[str, list[str]]]  # each word without marks, and its marks


@dataclass(frozen=True)
class NamedAgency:
    """What tells agencies of one name apart."""

    code: str
    name: str
    id: int
    province_id: int
    valid_from: dt.date | None
    valid_to: dt.date | None

    def lived(self, days: Days) -> bool:
        """Whether it was there on one of the days."""
        first, last = days
        return (self.valid_from is None or self.valid_from <= last) and (
            self.valid_to is None or self.valid_to >= first
        )


class AgencyNames:
    """All agencies by their names."""

    def __init__(self, agencies: Iterable[NamedAgency]) -> None:
        self._by_words: dict[str, list[NamedAgency]] = {}
        for agency in agencies:
            for text in {_text(_words(agency.name)), _text(_words(agency.name, with_brackets=True))}:
                self._by_words.setdefault(text, []).append(agency)

    def codes(self, name: str, days: Days | None, within: Within | None) -> list[str]:
        """The agencies a name may mean: of several those that were there, then those within reach, if any are."""
        if len(name) > LONGEST_NAME:
            return []
        words = _words(name, with_brackets=bool(_PLACE.search(fold(name))))
        named = [agency for agency in self._by_words.get(_text(words), ()) if _same_marks(words, agency.name)]
        ways: list[Callable[[NamedAgency], bool]] = []
        if days is not None:
            ways.append(lambda agency: agency.lived(days))
        if within is not None:
            ways.append(lambda agency: within(agency.province_id, None, agency.id))
        for fits in ways:
            named = [agency for agency in named if fits(agency)] or named if len(named) > 1 else named
        return [agency.code for agency in named]


def _words(name: str, *, with_brackets: bool = False) -> Words:
    """A name as it is compared: "Ủy ban nhân dân xã Ea", "UBND xã Ea" and "Xã Ea" are one, so are "Hoà" and "Hòa"."""
    text = normal(name).casefold()
    written = _WORD.findall(text if with_brackets else _BRACKETS.sub(" ", text)) or _WORD.findall(text)
    plain = [fold(word) for word in written]
    words: Words = []
    while len(words) < len(plain):
        place = len(words)
        for long, short in _ABBREVIATED:
            if tuple(plain[place : place + len(long)]) == long:
                plain[place : place + len(long)] = written[place : place + len(long)] = [short]
        words.append((plain[place], [] if plain[place] in _SHORT else _marks(written[place])))
    return words[1:] if len(words) > 1 and words[0][0] == "ubnd" else words


def _text(words: Words) -> str:
    return " ".join(word for word, _marks in words)


def _same_marks(words: Words, name: str) -> bool:
    """Whether two names differ in marks only where one has none: "Tân Hợp" is "Tan Hop", and not "Tân Hộp"."""
    pairs = zip(words, _words(name, with_brackets=len(words) != len(_words(name))), strict=False)
    return all(not mine or not its or mine == its for (_, mine), (_, its) in pairs)


def _marks(word: str) -> list[str]:
    """The marks of a word, the stroke of its d among them."""
    return sorted(sign for sign in unicodedata.normalize("NFD", word) if not sign.isascii())
