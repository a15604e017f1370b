"""What lines above and inside a table of caseloads say of those below: an agency, a month, a year."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from survey.foundation.text.vietnamese import fold
from survey.foundation.vocabulary import CASELOAD_UNITS
from survey.registry.files.dates import month, month_alone, whole_month
from survey.registry.files.problems import CellError, Problems
from survey.registry.files.tables import FileTable
from survey.registry.files.words import plain_words, value_of

_AGENCY_TITLES = frozenset({"don vi", "co quan", "don vi bao cao", "co quan bao cao", "ten don vi", "ten co quan"})
_COUNTRY, _MOTTO = "cong hoa xa hoi chu nghia", "doc lap"
_NUMBER = re.compile(r"^(?:[IVX]+|[A-H]|\d{1,2})[.)/]\s*")
_YEAR = re.compile(r"\bnam\s*:?\s*(20\d\d)\b(?!\s*[-–,&]\s*20\d\d)")
_MONTH = re.compile(r"\b(?:thang|ky|ky bao cao)\s*:?\s*(\d{1,2})\s*(?:/|-|nam)\s*(20\d\d)\b")
_ANY_MONTH = re.compile(r"\bthang\s*:?\s*(\d{1,2})\b")
_DAY = re.compile(r"\bngay\W*(\d{1,2})\W*thang\W*(\d{1,2})\W*nam\W*(20\d\d)\b")
_SIGNED = re.compile(r"\bngay\W*(?:\d{1,2}\W*)?thang\W*(?:\d{1,2}\W*)?nam\b(?:\W*20\d\d\b)?")  # the day may be blank
_COMPARED = re.compile(r"\bso (?:voi|cung ky)\b.*")
_SEVERAL_MONTHS = re.compile(
    r"\b\d{1,2} thang\b|\bluy ke\b|\b(?:tu|den|den het|het) thang\b|\bquy (?:[1-4]|i{1,3}|iv)\b|\btuan (?:thu )?\d"
)


def refuse_parts(table: FileTable, problems: Problems, column: str, named: Callable[[str], str], whole: str) -> None:
    """Refuse a table in which a line heads a part of its own: what is below would be taken for the whole file's.

    `named` tells the agency, month or year that a cell names, empty if none; `whole` is that of the file.

    Raises:
        ImportRefused: with every such line.
    """
    for line, cells in table.between:
        for text in filter(None, map(str.strip, cells)):
            if (other := named(text)) and other != whole:
                problems.add(
                    _("Dòng này mở phần của %(other)s, nhưng cả tệp được ghi cho %(whole)s.", other=other, whole=whole),
                    _("Thêm cột cơ quan, tháng hoặc năm vào bảng, hoặc tách mỗi phần thành một tệp."),
                    line=line,
                    column=column,
                    value=text,
                )
    problems.refuse_if_any()


def without_number(text: str) -> str:
    """A line without what numbers it: "II. Sở Y tế"."""
    return _NUMBER.sub("", text.strip())


def behind_agency_title(text: str) -> str:
    """What stands behind "Đơn vị:" and the like; empty if nothing does."""
    heading, _colon, named = without_number(text).partition(":")
    return named.strip() if plain_words(heading) in _AGENCY_TITLES else ""


def _period_said(text: str) -> str:
    """What a line says of the time of its figures: not the day of a signature, not what they are compared with."""
    written = _DAY.sub(r"ngay \1/\2/\3", fold(" ".join(text.split())))
    return _COMPARED.sub("", _SIGNED.sub("", written))


def agency_lines(titles: Sequence[str]) -> Sequence[str]:
    """The lines above a table that may name whose figures it holds.

    Those that say so ("Đơn vị báo cáo: …"); else the lower one of a letterhead, below whom an office is under and
    beside "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"; else all.
    """
    lines = [line.strip() for title in titles for line in title.splitlines() if line.strip()]
    told = [line for line in lines if (name := behind_agency_title(line)) and not value_of(name, CASELOAD_UNITS)]
    if told:
        return told
    country = next((place for place, line in enumerate(lines) if plain_words(line).startswith(_COUNTRY)), 0)
    if not country:
        return lines
    below = lines[country + 1] if country + 1 < len(lines) else ""
    return [lines[country - 1] if plain_words(below).startswith(_MOTTO) or not below else below]


def months_named(text: str) -> set[str]:
    """The months that a line names as its own, as stored; none where it speaks of a span of several."""
    said = _period_said(text)
    months = {f"{year}-{int(number):02d}" for number, year in _MONTH.findall(said)}
    if _SEVERAL_MONTHS.search(said) or len({int(number) for number in _ANY_MONTH.findall(said)}) > 1:
        return set()
    return months | {whole_month(said)} - {""}


def month_named(year: str, text: str) -> str:
    """The one month that a line names, as stored, of `year` where it names none; empty if no month or several."""
    months = months_named(text)
    if not text.isdigit() and (number := month_alone(text)):
        months.add(f"{year}-{number:02d}")
    return months.pop() if len(months) == 1 else ""


def stored_month(text: str) -> str:
    """A month as it is stored, however it is written; empty if it is none."""
    try:
        return month(text)
    except CellError:
        return ""


def years_named(text: str) -> set[str]:
    """The years that a line names."""
    return set(_YEAR.findall(_period_said(text)))


def year_named(text: str) -> str:
    """The one year that a line names; empty if none or several."""
    years = years_named(text)
    return years.pop() if len(years) == 1 else ""
