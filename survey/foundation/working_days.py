"""Working days: Monday to Friday without the public holidays listed in holidays.json."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path

import numpy as np

HOLIDAYS = Path(__file__).with_name("holidays.json")


def after(day: dt.date, working_days: int) -> dt.date:
    """The day that is so many working days after `day`, which itself does not count."""
    start = np.datetime64(day)
    due = np.busday_offset(start, working_days, roll="backward", holidays=_holidays())
    return dt.date.fromisoformat(str(due))


def on_or_before(day: dt.date) -> dt.date:
    """The last working day up to `day`: itself where it is one."""
    return dt.date.fromisoformat(str(np.busday_offset(np.datetime64(day), 0, roll="backward", holidays=_holidays())))


def on_or_after(day: dt.date) -> dt.date:
    """The first working day from `day` on: itself where it is one."""
    return dt.date.fromisoformat(str(np.busday_offset(np.datetime64(day), 0, roll="forward", holidays=_holidays())))


def between(first: dt.date, last: dt.date) -> int:
    """How many working days there are from `first` to `last`, both included; 0 where `last` is earlier."""
    after_last = np.datetime64(last + dt.timedelta(days=1))
    return max(int(np.busday_count(np.datetime64(first), after_last, holidays=_holidays())), 0)


@cache
def _holidays() -> list[np.datetime64]:
    years = json.loads(HOLIDAYS.read_text(encoding="utf-8"))
    return [np.datetime64(day) for year, days in years.items() if year != "note" for day in days]
