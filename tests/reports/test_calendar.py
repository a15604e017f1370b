"""Đắk Lắk's dates are strict and fall before the period ends; provinces without dates report after it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from flask import Flask

from analysis.reports.calendar import Deadline, deadlines, index_points, own_decision, upcoming
from survey.foundation.configuration.settings import SettingError
from survey.foundation.working_days import between

pytestmark = pytest.mark.one_database


def of(deadline: Iterable[Deadline], period: str, kind: str = "satisfaction") -> Deadline:
    (candidate,) = [candidate for candidate in deadline if (candidate.period.code, candidate.kind) == (period, kind)]
    return candidate


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
    deadline = of(deadlines("dak-lak", 2026), period)
    assert deadline.last_day.isoformat() == last_good_day
    assert deadline.is_early
    assert deadline.cut_off < deadline.make_on <= deadline.last_day
    assert deadline.period.first_day <= deadline.cut_off < deadline.period.last_day
    assert "125/SNV-CCHC" in deadline.source


@pytest.mark.parametrize(
    ("province", "kinds"), [("son-la", {"quarter", "half", "year"}), ("an-giang", {"quarter", "half", "year"})]
)
def test_without_a_date_in_the_decree_a_report_follows_its_period(province: str, kinds: set[str]) -> None:
    deadline = deadlines(province, 2026)
    assert {due.period.kind for due in deadline} == kinds | {"month"}
    assert all(due.make_on > due.period.last_day and due.cut_off == due.period.last_day for due in deadline)


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
    deadline = of(deadlines(province, 2026), period)
    assert deadline.announce_on.isoformat() == announced
    assert deadline.announce_on < deadline.make_on
    assert deadline.announce_on <= deadline.cut_off


@pytest.mark.parametrize(
    ("province", "periods"),
    [("dak-lak", ["2026-H1", "2026"]), ("son-la", ["2026-H1", "2026"]), ("an-giang", ["2026-H1", "2026"])],
)
def test_coverage_is_due_with_the_year_and_with_a_half_year_that_the_calendar_asks_for(
    province: str, periods: list[str]
) -> None:
    deadline = [due for due in deadlines(province, 2026) if due.kind == "coverage"]
    assert [due.period.code for due in deadline] == periods
    for due in deadline:
        beside = of(deadlines(province, 2026), due.period.code)
        assert (due.last_day, due.cut_off, due.announce_on) == (beside.last_day, beside.cut_off, beside.announce_on)


def test_an_giangs_half_years_and_years_are_owed_by_its_department_of_home_affairs_alone() -> None:
    deadline = deadlines("an-giang", 2026)
    assert of(deadline, "2026-H1").is_owed_by("so-noi-vu")
    assert not of(deadline, "2026-H1").is_owed_by("so-y-te")
    assert of(deadline, "2026-Q1").is_owed_by("so-y-te")


def test_every_month_has_its_summary() -> None:
    months = [deadline.period.code for deadline in deadlines("dak-lak", 2026) if deadline.period.kind == "month"]
    assert months == [f"2026-{month:02d}" for month in range(1, 13)]


def test_deadlines_of_the_old_year_are_still_seen_in_the_new_one() -> None:
    deadline = {due.period.code for due in upcoming("son-la", dt.date(2027, 1, 2), 7)}
    assert deadline == {"2026", "2026-12", "2026-H2", "2026-Q4"}


def test_upcoming_deadlines_are_those_within_the_days_asked_for() -> None:
    deadline = [(due.period.code, due.kind) for due in upcoming("dak-lak", dt.date(2026, 11, 28), 7)]
    assert deadline == [("2026", "coverage"), ("2026", "satisfaction"), ("2026-11", "satisfaction")]
    assert "2026-Q4" in [due.period.code for due in upcoming("dak-lak", dt.date(2026, 11, 30), 8)]


def test_a_province_changes_its_notice_its_maximum_and_its_dates(app: Flask, tmp_path: Path) -> None:
    dated = {"kind": "year", "month": 12, "before_day": 10}
    own = {"son-la": {"announce_days": 20, "index_points": 15, "rules": [dated]}}
    with app.app_context():
        assert index_points("son-la") == 10
    write(app, tmp_path, own)
    with app.app_context():
        assert index_points("son-la") == 15
        assert index_points("dak-lak") == 10
        year = of(deadlines("son-la", 2026), "2026")
        assert (year.last_day.isoformat(), year.announce_on.isoformat()) == ("2026-12-09", "2026-11-19")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"announce_days": 0}, "announce_days must be a whole number from 1 to 60"),
        ({"index_points": "mười"}, "index_points must be a whole number"),
        ({"rules": [{"kind": "week"}]}, "quarter, half or year"),
        ({"rules": [{"kind": "year", "before_day": 3}]}, "both month and before_day"),
        ({"rules": [{"kind": "year", "only": ["so-noi-vu"]}]}, "only names one recipient"),
    ],
)
def test_a_wrong_calendar_is_refused_with_what_to_mend(
    app: Flask, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    write(app, tmp_path, {"son-la": changes})
    with app.app_context(), pytest.raises(SettingError, match=words):
        deadlines("son-la", 2026)


def write(app: Flask, folder: Path, own: dict[str, object]) -> None:
    path = folder / "calendars.json"
    path.write_text(json.dumps(own), encoding="utf-8")
    app.extensions["settings"] = app.extensions["settings"].but(report_calendars=str(path))


@pytest.mark.parametrize(
    ("period", "last_good_day", "work_until", "cut_off"),
    [
        ("2026-Q1", "2026-03-07", "2026-03-06", "2026-03-03"),  # a Saturday
        ("2026-H1", "2026-06-07", "2026-06-05", "2026-06-02"),  # a Sunday
        ("2026", "2026-12-02", "2026-12-02", "2026-11-29"),  # a Wednesday
    ],
)
def test_work_for_a_day_off_is_due_on_the_last_working_day_before(
    period: str, last_good_day: str, work_until: str, cut_off: str
) -> None:
    deadline = of(deadlines("dak-lak", 2026), period)
    days = (deadline.last_day, deadline.work_until, deadline.cut_off)
    assert tuple(day.isoformat() for day in days) == (last_good_day, work_until, cut_off)


@pytest.mark.parametrize(
    ("period", "counted_until", "made", "work_until"),
    [
        ("2026-05", "2026-05-31", "2026-06-05", "2026-06-05"),  # its last day is a Sunday, which is counted
        ("2026-01", "2026-01-31", "2026-02-05", "2026-02-05"),  # before Tết
        ("2027-01", "2027-01-31", "2027-02-05", "2027-02-12"),  # Tết from 5 to 11 February
        ("2026-04", "2026-04-30", "2026-05-05", "2026-05-05"),  # its last day is a holiday
    ],
)
def test_a_month_is_counted_to_its_last_day_and_waits_for_the_working_day_after_tết(
    period: str, counted_until: str, made: str, work_until: str
) -> None:
    due = of(deadlines("dak-lak", int(period[:4])), period)
    assert tuple(day.isoformat() for day in (due.cut_off, due.make_on, due.work_until)) == (
        counted_until,
        made,
        work_until,
    )


def test_the_first_quarter_is_not_held_up_by_tết_but_by_its_sunday() -> None:
    due = of(deadlines("dak-lak", 2027), "2027-Q1")
    assert (due.last_day.isoformat(), due.work_until.isoformat()) == ("2027-03-07", "2027-03-05")


@pytest.mark.parametrize("province", ["dak-lak", "son-la", "an-giang"])
def test_no_work_is_due_on_a_day_off_and_none_before_the_counting_stops(province: str) -> None:
    for year in range(2024, 2028):
        for deadline in deadlines(province, year):
            assert between(deadline.work_until, deadline.work_until) == 1
            assert deadline.cut_off < deadline.make_on <= deadline.work_until


@pytest.mark.parametrize(("province", "last_year"), [("dak-lak", 2020), ("son-la", 2020), ("an-giang", 2015)])
def test_a_regime_holds_to_the_last_year_of_its_programme(province: str, last_year: int) -> None:
    def holds(year: int) -> set[bool]:
        return {deadline.in_force for deadline in deadlines(province, year) if deadline.source}

    assert (holds(last_year), holds(last_year + 1)) == ({True}, {False})


def test_a_decision_of_its_own_is_entered_once_and_takes_the_place_of_the_ended_one(app: Flask, tmp_path: Path) -> None:
    decision = "Quyết định số 12/QĐ-UBND ngày 05/01/2026 của UBND tỉnh Đắk Lắk"
    with app.app_context():
        assert own_decision("dak-lak", 2026) == ""
    write(app, tmp_path, {"dak-lak": {"source": decision}})
    with app.app_context():
        assert own_decision("dak-lak", 2026) == decision
        assert own_decision("son-la", 2026) == ""
        assert all(deadline.in_force for deadline in deadlines("dak-lak", 2026))
