"""When which report is due: each province's calendar as data.

Đắk Lắk's dates say "trước ngày": strictly before, so the last good day is the one before. They fall before the period
ends, so a report has a cut-off. Where a document gives no date, a report follows its period, like the monthly
summary: made on the fifth day after it. Where the last good day of a document is no working day, the law's day stays
what it is and the work is due on the last working day before; a house deadline then waits for the next working day.

A regime holds to the last year of its programme (`until`). Afterwards its dates are kept as the office's own habit,
and said to be so, unless the province's file names the decision that it now rests on (`source`). Every deadline is
announced: a legal date a week before its last good day, the others a week before the period ends, so that an office
knows before the counting stops. Both are house rules; a province changes them, its dates and its maximum in the file
of REPORT_CALENDARS.

The coverage report is due with the year's report, and with the first half-year's where the calendar has one: the
programmes set coverage as a result, to be reported in the regime of quarters, half-years and years (323/QĐ-UBND,
210/QĐ-UBND). A quarter would tell the same units again, and the second half's count is the year's.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, has_app_context

from analysis.reports.context import COVERAGE, PLAN, SATISFACTION, SCORING
from analysis.reports.office.queries import fetch_decision
from survey.foundation import working_days
from survey.foundation.bilingual import Bilingual, named
from survey.foundation.bilingual import bilingual as _
from survey.foundation.configuration.settings import SettingError
from survey.foundation.periods import Period

CALENDARS = Path(__file__).with_name("calendars.json")
DAYS_TO_SIGN = 3  # between the cut-off and the last good day: the office edits, numbers and signs
DAYS_AFTER = 5  # a report without a date of its own is made on the fifth day after its period
DAYS_ANNOUNCED = 7  # before the last good day, or before the end of a period whose document gives no date
OVERVIEW = "so-noi-vu"  # sums up for the whole province, coverage too
SHORT_YEAR = 2027  # has no 29 February, as most years
INDEX_POINTS = 10  # where a province has set no maximum
NO_DATES: dict[str, Any] = {"source": "", "rules": [{"kind": "quarter"}, {"kind": "year"}]}


@dataclass(frozen=True, order=True)
class Deadline:
    """A report that is due. `last_day`: the last day on time; `cut_off`: the last day whose answers count.

    `work_until`: the working day by which it must have left the office; `in_force`: its source holds for the period.
    `make_on` is the day on which it can be made: the day after its cut-off; `announce_on` the day of the first notice.
    """

    last_day: dt.date
    period: Period
    cut_off: dt.date
    make_on: dt.date
    announce_on: dt.date
    source: str
    work_until: dt.date
    in_force: bool = True
    kind: str = SATISFACTION
    only: str = ""  # the one recipient that owes it; '' for every recipient

    def is_owed_by(self, recipient: str) -> bool:
        """Whether a recipient has to make it."""
        return self.only in ("", recipient)

    @property
    def is_early(self) -> bool:
        """Whether it is due before its period ends."""
        return self.cut_off < self.period.last_day


def deadlines(province: str, year: int) -> tuple[Deadline, ...]:
    """Every report about a period of a year, as they fall due: months, quarters, half-years, year, coverage."""
    calendar = _calendar(province, year)
    notice = dt.timedelta(days=int(calendar.get("announce_days", DAYS_ANNOUNCED)))
    due_dates = [_after(Period.parse(f"{year}-{month:02d}"), "", notice) for month in range(1, 13)]
    for rule in calendar["rules"]:
        for period in _periods(rule, year):
            early = "before_day" in rule
            source = calendar["source"]
            due = _before(period, rule, source, notice) if early else _after(period, source, notice)
            report = rule.get("report", SATISFACTION)
            due = replace(due, kind=report, only=rule.get("only", ""), in_force=year <= calendar.get("until", year))
            due_dates.append(due)
            if report == SATISFACTION and _tells_coverage(period):
                due_dates.append(replace(due, kind=COVERAGE, only=OVERVIEW))
    return tuple(sorted(due_dates))


def upcoming(province: str, day: dt.date, days: int) -> tuple[Deadline, ...]:
    """Deadlines whose last good day lies within `days` days from `day` on."""
    candidates = (*deadlines(province, day.year - 1), *deadlines(province, day.year))
    return tuple(
        sorted(candidate for candidate in candidates if day <= candidate.last_day <= day + dt.timedelta(days=days))
    )


def own_decision(province: str, year: int) -> str:
    """The decision that a year's reports rest on, as entered at the desk or named in the province's file; or ''."""
    calendar = _calendar(province, year)
    return "" if "until" in calendar else str(calendar["source"])


def index_points(province: str) -> int:
    """The points of the province's reform index that full satisfaction is worth."""
    return int(_calendars().get(province, {}).get("index_points", INDEX_POINTS))


def check_calendars(own: str) -> None:
    """See at the start that the installation's file holds calendars, not when its first report is due.

    Raises:
        SettingError: it holds something else; the message says of which province.
    """
    _read(own)


def _tells_coverage(period: Period) -> bool:
    return period.kind == "year" or period.code.endswith("-H1")


def _periods(rule: dict[str, Any], year: int) -> list[Period]:
    match rule["kind"]:
        case "quarter":
            return [Period.parse(f"{year}-Q{quarter}") for quarter in (1, 2, 3, 4)]
        case "half":
            halves = (rule["half"],) if "half" in rule else (1, 2)
            return [Period.parse(f"{year}-H{half}") for half in halves]
        case _:
            return [Period.parse(f"{year}")]


def _before(period: Period, rule: dict[str, Any], source: str, notice: dt.timedelta) -> Deadline:
    # For quarters `month` counts inside the period, otherwise it is the month of the year.
    month = int(period.first[5:]) + rule["month"] - 1 if rule["kind"] == "quarter" else rule["month"]
    last_day = dt.date(period.year, month, rule["before_day"]) - dt.timedelta(days=1)
    work_until = working_days.on_or_before(last_day)
    cut_off = work_until - dt.timedelta(days=DAYS_TO_SIGN)
    made = cut_off + dt.timedelta(days=1)
    return Deadline(last_day, period, cut_off, made, work_until - notice, source, work_until)


def _after(period: Period, source: str, notice: dt.timedelta) -> Deadline:
    made = period.last_day + dt.timedelta(days=DAYS_AFTER)
    announced = period.last_day - notice
    return Deadline(made, period, period.last_day, made, announced, source, working_days.on_or_after(made))


def _calendar(province: str, year: int) -> dict[str, Any]:
    """A province's calendar; from the year of the decision entered at the desk on, its source is that decision."""
    calendar: dict[str, Any] = _calendars().get(province, NO_DATES)
    decision = fetch_decision(province) if has_app_context() else None
    if decision is None or decision.signed_on.year > year:
        return calendar
    source = f"Quyết định số {decision.number} ngày {decision.signed_on:%d/%m/%Y} của {decision.issuer}"
    return {**{name: value for name, value in calendar.items() if name != "until"}, "source": source}


def _calendars() -> dict[str, Any]:
    return _read(current_app.extensions["settings"].report_calendars if has_app_context() else "")


@cache
def _read(own: str) -> dict[str, Any]:
    """The shipped calendars; what the file `own` says of a province goes before."""
    content: dict[str, Any] = json.loads(CALENDARS.read_text(encoding="utf-8"))
    for province, changes in (json.loads(Path(own).read_text(encoding="utf-8")) if own else {}).items():
        if not isinstance(changes, dict):
            raise _wrong(province, _("phải là một đối tượng JSON {…}"))
        shipped = content.get(province, NO_DATES)
        if "source" in changes:  # a regime of its own takes the place of the one that has ended
            shipped = {name: value for name, value in shipped.items() if name != "until"}
        content[province] = _checked(province, {**shipped, **changes})
    return content


def _checked(province: str, calendar: dict[str, Any]) -> dict[str, Any]:
    for name, most in (("announce_days", 60), ("index_points", 1000)):
        value = calendar.get(name, 1)
        if not isinstance(value, int) or not 1 <= value <= most:
            raise _wrong(province, _("%(name)s phải là số nguyên từ 1 đến %(most)s", name=name, most=most))
    if not isinstance(calendar["source"], str):
        raise _wrong(province, _("“source” là quyết định, một đoạn chữ có số và ngày"))
    if not isinstance(calendar["rules"], list) or not all(isinstance(rule, dict) for rule in calendar["rules"]):
        raise _wrong(province, _("“rules” phải là một danh sách đối tượng [{…}, …]"))
    for rule in calendar["rules"]:
        if why := _problem_of(rule):
            raise _wrong(province, why)
    return calendar


def _problem_of(rule: dict[str, Any]) -> Bilingual | None:
    if rule.get("kind") not in ("quarter", "half", "year"):
        return _("“kind” của một quy tắc là quarter, half hoặc year")
    if ("before_day" in rule) != ("month" in rule):
        return _("quy tắc có ngày phải có cả “month” và “before_day”")
    if not _has_a_day(rule):
        return _("“month” và “before_day” của một quy tắc không phải ngày nào trong năm")
    if rule.get("report", SATISFACTION) not in (SATISFACTION, SCORING, PLAN):
        return _("“report” của một quy tắc là satisfaction, scoring hoặc plan")
    if not isinstance(rule.get("only", ""), str):
        return _("“only” là một nơi nhận, như so-noi-vu")
    return None


def _has_a_day(rule: dict[str, Any]) -> bool:
    try:
        for period in _periods(rule, SHORT_YEAR):
            if "before_day" in rule:
                _before(period, rule, "", dt.timedelta())
    except (TypeError, ValueError):
        return False
    return True


def _wrong(province: str, why: Bilingual) -> SettingError:
    return SettingError(named(f"REPORT_CALENDARS: {province}", why))
