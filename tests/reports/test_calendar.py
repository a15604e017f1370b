"""Đắk Lắk's dates are strict and fall before the period ends; provinces without dates report after it."""

from __future__ import annotations

import datetime as dt

import pytest

from analysis.reports.calendar import deadlines, upcoming


@pytest.mark.parametrize(
    ("period", "last_good_day"),
    [
        ("2026-Q1", "2026-03-07"),
        ("2026-Q2", "2026-06-07"),
        ("2026-Q3", "2026-09-07"),
        ("2026-Q4", "2026-12-07"),
        ("2026-H1", "2026-06-07"),
        ("2026", "2026-12-02"),
    ],
)
def test_before_a_day_means_the_day_before_is_the_last_good_one(period: str, last_good_day: str) -> None:
    (found,) = [one for one in deadlines("dak-lak", 2026) if one.period.code == period]
    assert found.last_day.isoformat() == last_good_day
    assert found.is_early
    assert found.cut_off < found.make_on <= found.last_day
    assert found.period.first_day <= found.cut_off < found.period.last_day
    assert "125/SNV-CCHC" in found.source


@pytest.mark.parametrize(("province", "kinds"), [("son-la", {"quarter", "half", "year"}), ("an-giang", {"quarter"})])
def test_without_a_date_in_the_decree_a_report_follows_its_period(province: str, kinds: set[str]) -> None:
    found = deadlines(province, 2026)
    assert {one.period.kind for one in found} == kinds | {"month"}
    assert all(one.make_on > one.period.last_day and one.cut_off == one.period.last_day for one in found)


@pytest.mark.parametrize(
    ("province", "period", "announced"),
    [
        ("dak-lak", "2026", "2026-11-25"),  # a week before the last good day
        ("dak-lak", "2026-10", "2026-10-24"),  # a week before the month ends
        ("son-la", "2026-H1", "2026-06-23"),
        ("an-giang", "2026-Q3", "2026-09-23"),
    ],
)
def test_every_deadline_is_announced_before_the_counting_stops(province: str, period: str, announced: str) -> None:
    (found,) = [one for one in deadlines(province, 2026) if one.period.code == period]
    assert found.announce_on.isoformat() == announced
    assert found.announce_on < found.make_on
    assert found.announce_on <= found.cut_off


def test_every_month_has_its_summary() -> None:
    months = [one.period.code for one in deadlines("dak-lak", 2026) if one.period.kind == "month"]
    assert months == [f"2026-{month:02d}" for month in range(1, 13)]


def test_deadlines_of_the_old_year_are_still_seen_in_the_new_one() -> None:
    found = {one.period.code for one in upcoming("son-la", dt.date(2027, 1, 2), 7)}
    assert found == {"2026", "2026-12", "2026-H2", "2026-Q4"}


def test_upcoming_deadlines_are_those_within_the_days_asked_for() -> None:
    assert [one.period.code for one in upcoming("dak-lak", dt.date(2026, 11, 28), 7)] == ["2026", "2026-11"]
    assert "2026-Q4" in [one.period.code for one in upcoming("dak-lak", dt.date(2026, 11, 30), 8)]
