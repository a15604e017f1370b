"""The rules that propose what kind a report is and which agency it is for, read from a file; a clerk decides.

The file is versioned (`version`); an installation may have its own (FEEDBACK_RULES).
"""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated

from flask import current_app
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from survey.feedback.kinds import KIND_WORDS, SERVICE
from survey.foundation.bilingual import bilingual as _
from survey.foundation.configuration.settings import SettingError
from survey.foundation.text.vietnamese import fold
from survey.foundation.text.vietnamese_text import normal

BUILT_IN = Path(__file__).with_name("rules.json")
_WORD = re.compile(r"[^\W_]+")


def _check_kind(kind: str) -> str:
    if kind not in KIND_WORDS:
        raise ValueError(f"{kind} is none of {', '.join(KIND_WORDS)}")
    return kind


Kind = Annotated[str, AfterValidator(_check_kind)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KindRule(_Part):
    """Proposes a kind where one of `words` is said, unless one of `unless` is said too; the first that fits counts.

    What of `unless` holds one of the words itself ("thái độ tốt") takes back that place alone: the rest is still said.
    """

    kind: Kind
    words: tuple[str, ...] = Field(min_length=1)
    unless: tuple[str, ...] = ()

    @cached_property
    def _taken_back(self) -> tuple[str, ...]:
        return tuple(phrase for phrase in self.unless if says(phrase, self.words))

    @cached_property
    def _barring(self) -> tuple[str, ...]:
        return tuple(phrase for phrase in self.unless if phrase not in self._taken_back)

    def fits(self, text: str) -> bool:
        """Whether a text says what it proposes its kind for."""
        return not says(text, self._barring) and says(text, self.words, beside=self._taken_back)


class AgencyRule(_Part):
    """Proposes an agency (by its code) where one of `words` is said or the answer was about one of `services`."""

    agency: str
    words: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


class Rules(_Part):
    """`days`: working days until an answer is due; `replies`: how one begins; `doors`: where complaints go.

    `threats`: words of a threat, flagged for who reads. `departments`: names of the agency that answers for a sector.
    """

    version: str
    days: dict[Kind, int] = Field(default_factory=dict)
    kinds: tuple[KindRule, ...]
    replies: dict[Kind, str] = Field(default_factory=dict)
    agencies: tuple[AgencyRule, ...] = ()
    doors: dict[str, str] = Field(default_factory=dict)
    threats: tuple[str, ...] = ()
    departments: dict[str, tuple[str, ...]] = Field(default_factory=dict)


def rules() -> Rules:
    """The rules in force."""
    return _read(current_app.extensions["settings"].feedback_rules or str(BUILT_IN))


def check_rules(path: str) -> None:
    """See at the start that the installation's file holds rules, not when a citizen's words are first asked about.

    Raises:
        SettingError: it holds something else; the message says where.
    """
    try:
        _read(path or str(BUILT_IN))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "{}"
        raise SettingError(
            _("FEEDBACK_RULES: %(path)s: sai ở %(place)s: %(why)s", path=path, place=place, why=first["msg"])
        ) from error


def departments() -> dict[str, tuple[str, ...]]:
    """Names of the agency that answers for each sector: the installation's, else those of the file that ships."""
    return rules().departments or _read(str(BUILT_IN)).departments


@lru_cache(maxsize=8)
def _read(path: str) -> Rules:
    return Rules.model_validate(json.loads(Path(path).read_text(encoding="utf-8")))


def proposed_kind(text: str) -> str:
    """The kind the words of a report suggest: a remark on a service where none does."""
    for rule in rules().kinds:
        if rule.fits(text):
            return rule.kind
    return SERVICE


def is_threat(text: str) -> bool:
    """Whether a text holds words of a threat."""
    return says(text, rules().threats)


def proposed_agency(text: str, service: str | None, names: dict[str, str]) -> str | None:
    """The code of the agency a report is for; None: none is suggested. `names`: the province's agencies by code."""
    for rule in rules().agencies:
        if rule.agency in names and (says(text, rule.words) or service in rule.services):
            return rule.agency
    said = [code for code, name in names.items() if says(text, (name,))]
    return max(said, key=lambda code: len(names[code]), default=None)


def says(text: str, phrases: tuple[str, ...], *, beside: tuple[str, ...] = ()) -> bool:
    """Whether one of the phrases stands in the text, word by word; in a text mostly without marks, without marks.

    `beside`: phrases that are left out of the text first.
    """
    said = normal(text).casefold()
    bare = _is_mostly_bare(said)
    said = fold(said) if bare else said
    spoken = _spaced(said)
    for phrase in sorted(beside, key=len, reverse=True):
        spoken = spoken.replace(_as_spoken(phrase, bare), " · ")
    return any(_as_spoken(phrase, bare) in spoken for phrase in phrases)


def _is_mostly_bare(text: str) -> bool:
    # Who writes without marks marks a word here and there; with marks, more than half of the words have one.
    words = _WORD.findall(text)
    return 2 * len([word for word in words if word == fold(word)]) > len(words)


def _as_spoken(phrase: str, bare: bool) -> str:
    return _spaced(fold(phrase) if bare else normal(phrase).casefold())


def _spaced(text: str) -> str:
    return f" {' '.join(_WORD.findall(text))} "
