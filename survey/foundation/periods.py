"""Reporting periods: month ``2026-10``, quarter ``2026-Q3``, half ``2026-H1``, year ``2026``, a span of months or days.

Spans of days, ``2026-09-10..2026-10-05``, are for documents at need (đột xuất) alone: everything else counts whole
months, so they are read only where they are asked for.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from survey.foundation.clock import start_of_day

FIRST_YEAR, LAST_YEAR = 1900, 2999  # outside, the arithmetic of days and zones ends
_YEAR = "[0-9]{4}"
_FORM = re.compile(rf"^({_YEAR})(?:-(0[1-9]|1[0-2])|-Q([1-4])|-H([12]))?\Z")
_MONTH = rf"{_YEAR}-(?:0[1-9]|1[0-2])"
_SPAN = re.compile(rf"^({_MONTH})\.\.({_MONTH})\Z")
_YEARS = re.compile(rf"(?:^|\.\.)({_YEAR})(?=-|\.|\Z)")
_DAY = rf"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}"
_DAYS = re.compile(rf"^({_DAY})\.\.({_DAY})\Z")
_ROMAN = ("", "I", "II", "III", "IV")


class NoSuchYear(ValueError):
    """A period of a year that cannot matter here."""


@dataclass(frozen=True, order=True)
class Period:
    """The months from `first` to `last` (both ``YYYY-MM``, inclusive); `code` names it in URLs and files.

    A span of days may begin and end inside its months.
    """

    first: str
    last: str
    code: str

    @classmethod
    def parse(cls, text: str, *, days: bool = False) -> Period:
        """Read a period's code; `days`: a span of days may be meant too.

        Raises:
            NoSuchYear: a year before FIRST_YEAR or after LAST_YEAR.
            ValueError: not one of the forms ``2026``, ``2026-H1``, ``2026-Q3``, ``2026-10``, ``2026-01..2026-04``, or,
                where days may be meant, ``2026-09-10..2026-10-05``.
        """
        _check_years(text)
        if span := _DAYS.match(text):
            if not days:
                raise ValueError(f"{text!r} counts days; only reports at need do. Write whole months: 2026-01..2026-04")
            try:
                return cls.between(dt.date.fromisoformat(span[1]), dt.date.fromisoformat(span[2]))
            except ValueError as error:
                raise ValueError(f"{text!r}: {error}") from error
        if span := _SPAN.match(text):
            if span[1] > span[2]:
                raise ValueError(f"{text!r} ends before it begins")
            return cls(span[1], span[2], text)
        form = _FORM.match(text)
        if not form:
            more = "2026-01..2026-04 or 2026-09-10..2026-10-05" if days else "or 2026-01..2026-04"
            raise ValueError(
                f"{text!r} is no period; write 2026, 2026-H1, 2026-Q3, 2026-10{',' if days else ''} {more}"
            )
        year, month, quarter, half = form.groups()
        if month:
            first = last = int(month)
        elif quarter:
            first, last = 3 * int(quarter) - 2, 3 * int(quarter)
        elif half:
            first, last = 6 * int(half) - 5, 6 * int(half)
        else:
            first, last = 1, 12
        return cls(f"{year}-{first:02d}", f"{year}-{last:02d}", text)

    @classmethod
    def between(cls, first_day: dt.date, last_day: dt.date) -> Period:
        """The span of days from one to another, both included.

        Raises:
            ValueError: it ends before it begins.
        """
        if last_day < first_day:
            raise ValueError("it ends before it begins")
        first, last = first_day.isoformat(), last_day.isoformat()
        return cls(first[:7], last[:7], f"{first}..{last}")

    @classmethod
    def of_month(cls, day: dt.date) -> Period:
        """The month a day lies in."""
        return cls.parse(f"{day.year:04d}-{day.month:02d}")

    @property
    def kind(self) -> str:
        """``year``, ``half``, ``quarter``, ``month`` or ``span``."""
        if ".." in self.code:
            return "span"
        tail = self.code[4:]
        return "year" if not tail else {"Q": "quarter", "H": "half"}.get(tail[1], "month")

    @property
    def by_day(self) -> bool:
        """Whether it is a span of days, which may cut its first and its last month."""
        return len(self.code) == len("2026-09-10..2026-10-05")

    @property
    def cut_months(self) -> tuple[str, ...]:
        """Its months of which it covers a part only: none, the first, the last, or both."""
        return tuple(month for month in self.months if self.in_month(month).by_day) if self.by_day else ()

    def in_month(self, month: str) -> Period:
        """What it covers of one of its months: the month itself, or some of its days."""
        whole = Period.parse(month)
        first, last = max(self.first_day, whole.first_day), min(self.last_day, whole.last_day)
        return whole if (first, last) == (whole.first_day, whole.last_day) else Period.between(first, last)

    @property
    def year(self) -> int:
        """The calendar year in which the period ends."""
        return int(self.last[:4])

    @property
    def months(self) -> tuple[str, ...]:
        """Every month of the period in order."""
        start, end = _number(self.first), _number(self.last)
        return tuple(_month(number) for number in range(start, end + 1))

    @property
    def first_day(self) -> dt.date:
        """Its first day."""
        if self.by_day:
            return dt.date.fromisoformat(self.code[:10])
        return dt.date(int(self.first[:4]), int(self.first[5:]), 1)

    @property
    def last_day(self) -> dt.date:
        """Its last day."""
        if self.by_day:
            return dt.date.fromisoformat(self.code[-10:])
        after = _month(_number(self.last) + 1)
        return dt.date(int(after[:4]), int(after[5:]), 1) - dt.timedelta(days=1)

    @property
    def ends_at(self) -> dt.datetime:
        """The instant (UTC) at which it is over."""
        return start_of_day(self.last_day + dt.timedelta(days=1))

    def previous(self) -> Period:
        """The period of the same kind just before; a span shifts by its own length, in months where these are whole."""
        length = len(self.months)
        if self.cut_months:
            before = self.first_day - dt.timedelta(days=1)
            return Period.between(before - (self.last_day - self.first_day), before)
        first, last = _month(_number(self.first) - length), _month(_number(self.last) - length)
        match self.kind:
            case "year":
                code = first[:4]
            case "half":
                code = f"{first[:4]}-H{(int(first[5:]) + 5) // 6}"
            case "quarter":
                code = f"{first[:4]}-Q{(int(first[5:]) + 2) // 3}"
            case "month":
                code = first
            case _ if self.by_day:
                return Period.between(Period.parse(first).first_day, Period.parse(last).last_day)
            case _:
                code = f"{first}..{last}"
        return Period(first, last, code)

    def label(self) -> str:
        """As documents say it, to whom reads English in English: tháng 10/2026, quý III/2026; October 2026, Q3 2026."""
        year = self.last[:4]
        match self.kind:
            case "year":
                return str(_("năm %(year)s", year=year))
            case "half" if self.code.endswith("1"):
                return str(_("6 tháng đầu năm %(year)s", year=year))
            case "half":
                return str(_("6 tháng cuối năm %(year)s", year=year))
            case "quarter" if in_english():
                return f"Q{self.code[-1]} {year}"
            case "quarter":
                return str(_("quý %(quarter)s/%(year)s", quarter=_ROMAN[int(self.code[-1])], year=year))
            case "month":
                return month_label(self.last)
            case _ if self.by_day:
                first, last = map(_day, (self.first_day, self.last_day))
                if first == last:
                    return str(_("ngày %(day)s", day=first))
                return str(_("từ ngày %(first)s đến ngày %(last)s", first=first, last=last))
            case _:
                return str(_("từ %(first)s đến %(last)s", first=month_label(self.first), last=month_label(self.last)))


def _check_years(text: str) -> None:
    if any(not FIRST_YEAR <= int(year) <= LAST_YEAR for year in _YEARS.findall(text)):
        raise NoSuchYear(f"{text!r}: years go from {FIRST_YEAR} to {LAST_YEAR}")


def in_english() -> bool:
    """Whether the reader reads English; outside a request nobody does: commands and documents are Vietnamese."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def _day(day: dt.date) -> str:
    return format_date(day, "d MMM yyyy", locale="en") if in_english() else f"{day:%d/%m/%Y}"


def month_label(month: str) -> str:
    """``2026-10`` as tháng 10/2026, in English October 2026."""
    if in_english():
        return format_date(Period.parse(month).first_day, "MMMM yyyy", locale="en")
    return str(_("tháng %(month)s/%(year)s", month=int(month[5:]), year=month[:4]))


def shift_month(month: str, by: int) -> str:
    """The month `by` months after (or before, if negative) ``YYYY-MM``."""
    return _month(_number(month) + by)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
