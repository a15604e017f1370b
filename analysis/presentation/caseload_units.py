"""What each sector counts what it handled in. Words that say dossiers of every sector, as readers of one say it."""

from __future__ import annotations

import re

from flask_babel import LazyString

from survey.foundation.formatting import sentence_case
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT

_UNITS = {"administration": "hồ sơ", "health": "lượt khám", "education": "học sinh"}
_IN_ENGLISH = {"administration": "dossier", "health": "visit", "education": "pupil"}
# what is counted, and no name that holds the word: "Sao lục hồ sơ bệnh án" is a service of hospitals
_COUNTED = re.compile(
    r"(?:(?<=\d )|(?<=% )|(?<=\)s )|(?<=số )|(?<=mỗi )|(?<=phần )|(?<=có ))hồ sơ(?:, lượt khám)?(?:, học sinh)?"
    r"|dossier",
    re.IGNORECASE,
)


def caseload_unit(subject: str) -> str:
    """In Vietnamese, as documents say it: "hồ sơ", "lượt khám", "học sinh"; the first for a subject of two sectors."""
    return _UNITS[SECTOR_OF_SUBJECT.get(subject) or "administration"]


def in_units(words: str | LazyString, subject: str) -> str:
    """Words that say "hồ sơ" ("dossiers") of every sector, as they are said of this subject: "số lượt khám (N)"."""
    return in_units_of_sector(words, SECTOR_OF_SUBJECT.get(subject) or "administration")


def in_units_of_sector(words: str | LazyString, sector: str) -> str:
    """The same by sector; what is marked safe stays so."""

    def said(match: re.Match[str]) -> str:
        unit = (_IN_ENGLISH if match[0].isascii() else _UNITS).get(sector, match[0])
        return sentence_case(unit) if match[0][0].isupper() else unit

    text = words if isinstance(words, str) else str(words)  # a text marked safe is a string, a lazy one is none
    return type(text)(_COUNTED.sub(said, text))
