"""What a file of caseloads says of its unit above the table or in the headings of its counts: visits, or thousands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from survey.foundation.text.vietnamese_text import normal
from survey.foundation.vocabulary import CASELOAD_UNITS
from survey.registry.files.dates import is_month_heading
from survey.registry.files.month_columns import counted_below
from survey.registry.files.problems import Problems, shortened
from survey.registry.files.tables import FileTable
from survey.registry.files.words import header_words, plain_words, value_of

# With marks: "ngàn" is a thousand, "Ngân" the beginning of an agency's name, so are "trăm" and "Trạm".
_ABOVE = re.compile(
    r"(?:\bđơn vị (?:tính|đếm)\b\s*:?|\b[đd]vt\b\s*:?|\bđơn vị\s*:|\((?=(?:nghìn|ngàn|triệu)\b))\s*([^;,()]+)"
)
_IN_BRACKETS = re.compile(r"\(([^()]+)\)")
_BEFORE_UNIT = re.compile(r"^(?:tổng )?số (?=lượt|học sinh)")
_MANY = re.compile(r"^(?:(?:nghìn|nghin|ngàn|triệu|trăm|chục)\b|x?\s*1(?:00|(?:[., ]?000)+)\b|%|phần trăm\b|tỷ lệ\b)")


def stated_unit(table: FileTable, problems: Problems) -> str:
    """The unit that a file names outside of its lines; empty if none or several.

    Raises:
        ImportRefused: it counts by thousands or in per cent, so that every number would be stored wrong.
    """
    told = list(_told(table.titles, _headings_of_counts(table.written)))
    for text, words in told:
        if _MANY.match(words):
            problems.add(
                _("Số trong tệp không đếm từng hồ sơ: “%(text)s”.", text=shortened(text)),
                _("Ghi số đầy đủ (12 nghìn là 12000), rồi sửa lại chỗ này."),
                line=table.line,
                column="count",
            )
            problems.refuse_if_any()
    units = {unit for _text, words in told if (unit := value_of(words, CASELOAD_UNITS))}
    return units.pop() if len(units) == 1 else ""


def _headings_of_counts(headings: Sequence[str]) -> list[str]:
    columns = header_words("caseloads")
    return [
        counted_below(name) or name
        for name in headings
        if columns.get(plain_words(name)) in ("count", "overdue") or is_month_heading(name) or counted_below(name)
    ]


def _told(titles: Sequence[str], headings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each text that may tell a unit, and the words of it that would."""
    for text in titles:
        yield from ((text, words.strip()) for words in _ABOVE.findall(_plainly(text)))
    for text in headings:
        yield from ((text, words.strip()) for words in _IN_BRACKETS.findall(_plainly(text)))
        yield text, _BEFORE_UNIT.sub("", _plainly(_IN_BRACKETS.sub("", text)))


def _plainly(text: str) -> str:
    return " ".join(normal(text).casefold().split())
