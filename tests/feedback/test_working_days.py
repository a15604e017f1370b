"""Deadlines, and the parts of months that reports at need cover, are counted in working days."""

from __future__ import annotations

import datetime as dt

import pytest

from survey.foundation.working_days import after, between


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (dt.date(2026, 11, 20), 1, dt.date(2026, 11, 23)),  # Friday to Monday
        (dt.date(2026, 11, 21), 1, dt.date(2026, 11, 23)),  # what comes on Saturday counts from Monday
        (dt.date(2026, 11, 22), 5, dt.date(2026, 11, 27)),
        (dt.date(2026, 8, 31), 1, dt.date(2026, 9, 3)),  # National Day, two days off
        (dt.date(2026, 2, 13), 1, dt.date(2026, 2, 23)),  # Tết
        (dt.date(2027, 2, 2), 2, dt.date(2027, 2, 4)),  # the last working day before Tết 2027
        (dt.date(2027, 2, 2), 3, dt.date(2027, 2, 12)),  # the first after it
        (dt.date(2027, 2, 2), 10, dt.date(2027, 2, 23)),
        (dt.date(2026, 4, 24), 1, dt.date(2026, 4, 28)),  # Hùng Kings' day on a Sunday, made up on Monday
        (dt.date(2025, 12, 31), 1, dt.date(2026, 1, 5)),  # Friday 2 January is off
        (dt.date(2026, 1, 9), 1, dt.date(2026, 1, 10)),  # and worked on Saturday in its place
        (dt.date(2026, 1, 10), 1, dt.date(2026, 1, 12)),
        (dt.date(2025, 12, 31), 6, dt.date(2026, 1, 10)),
        (dt.date(2026, 1, 11), 0, dt.date(2026, 1, 10)),
    ],
)
def test_weekends_and_holidays_do_not_count(day: dt.date, count: int, expected: dt.date) -> None:
    assert after(day, count) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-10-01", "2026-10-31", 22),
        ("2026-09-01", "2026-09-30", 20),  # National Day, two days off
        ("2026-09-10", "2026-09-30", 15),
        ("2026-10-05", "2026-10-05", 1),
        ("2026-01-01", "2026-01-31", 21),  # a Friday off, a Saturday worked
        ("2026-01-01", "2026-01-04", 0),
        ("2026-01-10", "2026-01-11", 1),
        ("2026-10-31", "2026-11-01", 0),  # a week-end
        ("2026-10-06", "2026-10-05", 0),
    ],
)
def test_both_ends_of_a_span_count(first: str, last: str, expected: int) -> None:
    assert between(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == expected
