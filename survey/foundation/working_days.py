"""Working days: Monday to Friday without the public holidays of holidays.json, and the days worked in their place."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

HOLIDAYS = Path(__file__).with_name("holidays.json")
_DAY = dt.timedelta(days=1)


class _Calendar(NamedTuple):
    """Days off from Monday to Friday, and Saturdays and Sundays that are worked in place of one."""

    off: frozenset[dt.date]
    worked: frozenset[dt.date]


def after(day: dt.date, working_days: int) -> dt.date:
    """The day that is so many working days after `day`, which itself does not count."""
    due = on_or_before(day)
    for _each in range(working_days):
        due = on_or_after(due + _DAY)
    return due


def on_or_before(day: dt.date) -> dt.date:
    """The last working day up to `day`: itself where it is one."""
    while not _is_worked(day):
        day -= _DAY
    return day


def on_or_after(day: dt.date) -> dt.date:
    """The first working day from `day` on: itself where it is one."""
    while not _is_worked(day):
        day += _DAY
    return day


def between(first: dt.date, last: dt.date) -> int:
    """How many working days there are from `first` to `last`, both included; 0 where `last` is earlier."""
    calendar, after_last = _calendar(), np.datetime64(last + _DAY)
    usual = int(np.busday_count(np.datetime64(first), after_last, holidays=sorted(map(np.datetime64, calendar.off))))
    return max(usual, 0) + sum(first <= day <= last for day in calendar.worked)


def _is_worked(day: dt.date) -> bool:
    calendar = _calendar()
    return day in calendar.worked or (day.weekday() < 5 and day not in calendar.off)


@cache
def _calendar() -> _Calendar:
    years = json.loads(HOLIDAYS.read_text(encoding="utf-8"))
    days = {year: frozenset(map(dt.date.fromisoformat, listed)) for year, listed in years.items() if year != "note"}
    worked = days.pop("worked", frozenset())
    return _Calendar(frozenset().union(*days.values()), worked)
