"""Columns under months: what was received, handled and overdue in each; `two_levels.py` names them `Month: column`.

What was handled counts: the one column that says so, or the sum of what was handled in time and too late, as the forms
of Decree 61/2018 divide it. Where neither is plain the file is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from survey.foundation.vocabulary import CASELOAD_UNITS
from survey.registry.files.columns import whole_number
from survey.registry.files.dates import is_month_heading
from survey.registry.files.problems import CellError, Problems, shortened
from survey.registry.files.words import (
    all_words,
    counts_others,
    header_words,
    in_brackets,
    plain_words,
    says_nothing_more,
    value_of,
)

UNDER = ": "  # between a month and what stands under it
_SAYS_HANDLED = re.compile(r"\b(?:giai quyet|xu ly|co ket qua|tra ket qua)$")
_OF_HANDLED = re.compile(r"\b(?:giai quyet|xu ly|ket qua)\b")
_IN_TIME = re.compile(r"^(?:(?:so |ho so )*(?:da )?(?:giai quyet |xu ly )?)(truoc|dung) han$")
_PENDING = re.compile(r"\b(?:dang|chua)\b")


@dataclass(frozen=True)
class MonthColumns:
    """The places of a month's columns: those whose sum was handled, and that of the overdue ones if there is one."""

    month: str
    handled: tuple[int, ...]
    overdue: int | None = None

    @property
    def places(self) -> tuple[int, ...]:
        """All of them."""
        return tuple({*self.handled, *(() if self.overdue is None else (self.overdue,))})

    def count(self, cells: Sequence[str], empty: Collection[str]) -> str:
        """What a line says was handled, as it stands where it is one number or none; '' where nothing does."""
        filled = [cells[place] for place in self.handled if cells[place].strip() not in empty]
        if len(filled) < 2:
            return next(iter(filled), "")
        try:
            return str(sum(map(whole_number, map(str.strip, filled))))
        except CellError:
            return next(filter(_is_no_number, filled))


def month_over(heading: str) -> str:
    """The month that a heading stands under; '' if none."""
    month, under, _column = heading.partition(UNDER)
    return month if under and is_month_heading(month) else ""


def months_over(header: Iterable[str]) -> list[str]:
    """The months that columns stand under, in order."""
    return list(dict.fromkeys(month for heading in header if (month := month_over(heading))))


def counted_below(heading: str) -> str:
    """What the column of a month that may be read is called; '' for any other."""
    return heading.split(UNDER)[-1] if month_over(heading) and _kind(below_month(heading)) not in ("", "other") else ""


def below_month(heading: str) -> str:
    """What a column under a month is called without it."""
    return heading.partition(UNDER)[2]


def columns_of_months(header: Sequence[str], line: int, problems: Problems) -> list[MonthColumns]:
    """What to read under each month.

    Raises:
        ImportRefused: under one of them nothing says what was handled, or several columns do.
    """
    read = []
    for month in months_over(header):
        under = {place: below_month(heading) for place, heading in enumerate(header) if month_over(heading) == month}
        kinds = {place: _kind(name) for place, name in under.items()}
        handled, overdue = _handled(kinds), _overdue(kinds, under)
        if handled:
            read.append(MonthColumns(month, handled, overdue))
            continue
        names = ", ".join(f"“{shortened(name)}”" for name in under.values())
        problems.add(
            _("Không rõ cột nào dưới tháng này là số đã giải quyết: %(names)s.", names=names),
            _("Đặt tên đúng một cột dưới mỗi tháng là “Đã giải quyết”."),
            line=line,
            value=month,
        )
    problems.refuse_if_any()
    return read


def _kind(name: str) -> str:
    """What a column counts: handled, total (of whatever), truoc or dung (in time), late, other; '' for unknown."""
    *above, last = map(_words, name.split(UNDER))
    means = header_words("caseloads").get(last)
    if any(map(counts_others, (*above, last))):
        return "other"
    if "%" in name:  # a share beside the counts
        return ""
    if means == "overdue":
        return "late"
    if in_time := _IN_TIME.match(last):
        return in_time[1]
    if _SAYS_HANDLED.search(last) or (means == "count" and any(map(_OF_HANDLED.search, above))):
        return "handled"
    return "total" if means == "count" else ""


def _words(name: str) -> str:
    """The words of a name; what stands in brackets too where it says of which of them it tells ("(đúng hạn)")."""
    units = all(says_nothing_more(words) or value_of(words, CASELOAD_UNITS) for words in in_brackets(name))
    return plain_words(name) if units else all_words(name)


def _handled(kinds: Mapping[int, str]) -> tuple[int, ...]:
    of = {kind: tuple(place for place in kinds if kinds[place] == kind) for kind in kinds.values()}
    if "handled" in of:
        return of["handled"] if len(of["handled"]) == 1 else ()
    if "total" in of:
        return of["total"] if len(of["total"]) == 1 and "other" not in of else ()
    parts = {kind: of[kind] for kind in ("truoc", "dung", "late") if kind in of}
    if not {"dung", "late"} <= parts.keys() or any(len(places) > 1 for places in parts.values()):
        return ()
    return tuple(place for places in parts.values() for place in places)


def _overdue(kinds: Mapping[int, str], under: Mapping[int, str]) -> int | None:
    """The place of what was handled too late; None where there is none, or it may be what still waits."""
    late = [place for place, kind in kinds.items() if kind == "late"]
    if len(late) != 1:
        return None
    waiting = any(
        _PENDING.search(plain_words(under[place])) and UNDER not in under[late[0]]
        for place, kind in kinds.items()
        if kind == "other" and place < late[0]
    )
    return None if waiting else late[0]


def _is_no_number(cell: str) -> bool:
    try:
        whole_number(cell.strip())
    except CellError:
        return True
    return False
