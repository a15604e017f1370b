"""Deadlines are counted in working days."""

from __future__ import annotations

import datetime as dt

import pytest

from survey.feedback.working_days import after


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (dt.date(2026, 11, 20), 1, dt.date(2026, 11, 23)),  # Friday to Monday
        (dt.date(2026, 11, 21), 1, dt.date(2026, 11, 23)),  # what comes on Saturday counts from Monday
        (dt.date(2026, 11, 22), 5, dt.date(2026, 11, 27)),
        (dt.date(2026, 8, 31), 1, dt.date(2026, 9, 3)),  # National Day, two days off
        (dt.date(2026, 2, 13), 1, dt.date(2026, 2, 23)),  # Tết
        (dt.date(2026, 4, 24), 1, dt.date(2026, 4, 28)),  # Hùng Kings' day on a Sunday, made up on Monday
    ],
)
def test_weekends_and_holidays_do_not_count(day: dt.date, count: int, expected: dt.date) -> None:
    assert after(day, count) == expected
