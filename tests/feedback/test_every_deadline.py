"""Every kind of case, opened before and across holidays: when it is half-way, when it is late, and who is told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from survey.accounts.models import User
from survey.feedback.flow import Decision, Holder, answer_case, handle
from survey.feedback.follow.verdicts import judge
from survey.feedback.models import FeedbackCase
from survey.feedback.reminders import remind
from survey.foundation import working_days
from survey.foundation.storage.database import writing
from survey.registry.models import Agency
from tests.feedback.test_kinds import only_case, report
from tests.reports.mailbox import Mailbox, open_mailbox
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

YEARS = json.loads(working_days.HOLIDAYS.read_text("utf-8"))
HOLIDAYS = {dt.date.fromisoformat(day) for year in ("2026", "2027") for day in YEARS[year]}
DAYS = {"service": 10, "conduct": 10, "regulation": 15}  # working days; thanks have no term
DAYS_OPENED = {
    "plain": "2026-11-20",
    "30/4 and 1/5": "2026-04-22",
    "2/9": "2026-08-27",
    "three days before the holidays of Tết 2026": "2026-02-13",
    "three days before the holidays of Tết 2027": "2027-02-02",
}
COMMUNE, ABOVE = "xa@tinh.gov.vn", "so-y-te@tinh.gov.vn"


def counted_on(day: dt.date, number: int) -> dt.date:
    """So many days on which offices work after a day, counted one by one."""
    while number:
        day += dt.timedelta(days=1)
        number -= day.weekday() < 5 and day not in HOLIDAYS
    return day


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with open_mailbox(tmp_path) as box:
        yield box


def told_on(world: Flask, mailbox: Mailbox, day: dt.date) -> list[str]:
    before = len(mailbox.messages)
    with time_machine.travel(dt.datetime.combine(day, dt.time(1), dt.UTC), tick=False), world.app_context():
        remind()
    return sorted(str(message["To"]) for message in mailbox.messages[before:])


def opened(world: Flask, mailbox: Mailbox, database: SQLAlchemy, day: dt.date, kind: str) -> int:
    """A case of a kind, opened on a day and handed to the commune; people have mail."""
    world.extensions["settings"] = replace(world.extensions["settings"], smtp_url=mailbox.url)
    with time_machine.travel(dt.datetime.combine(day, dt.time(2), dt.UTC), tick=False):
        signed_in(world, "so-y-te", "method_owner", sector="health")
        signed_in(world, "xa", "agency_manager", agency="ubnd-ea-kao")
        report(world, "Phòng khám thiếu ghế")
        case_id = only_case(database).id
        with world.app_context():
            with writing() as session:
                for user in session.query(User):
                    user.email = f"{user.username}@tinh.gov.vn"
                commune = session.query(Agency.id).filter_by(code="ubnd-ea-kao").scalar()
            handle(case_id, Decision(kind, "Thủ tục khai sinh" if kind == "regulation" else ""), Holder(commune))
    return case_id


@pytest.mark.parametrize("day", DAYS_OPENED.values(), ids=DAYS_OPENED)
@pytest.mark.parametrize("kind", DAYS)
def test_the_holder_is_told_half_way_and_with_the_level_above_the_day_after_it_was_due(
    world: Flask, mailbox: Mailbox, database: SQLAlchemy, kind: str, day: str
) -> None:
    since = dt.date.fromisoformat(day)
    case_id = opened(world, mailbox, database, since, kind)
    due, half = counted_on(since, DAYS[kind]), counted_on(since, DAYS[kind] // 2)
    with world.app_context(), writing() as session:
        assert session.get_one(FeedbackCase, case_id).due_on == due
    told = {}
    for number in range((due - since).days + 6):
        receivers = told_on(world, mailbox, since + dt.timedelta(days=number))
        if receivers:
            told[since + dt.timedelta(days=number)] = receivers
    assert told == {half: [COMMUNE], due + dt.timedelta(days=1): sorted([ABOVE, COMMUNE])}


def test_thanks_have_no_term(world: Flask, mailbox: Mailbox, database: SQLAlchemy) -> None:
    opened(world, mailbox, database, dt.date(2026, 11, 20), "thanks")
    assert [told_on(world, mailbox, dt.date(2026, 12, day)) for day in (1, 10, 31)] == [[], [], []]


def test_a_reopened_case_has_a_term_of_its_own(world: Flask, mailbox: Mailbox, database: SQLAlchemy) -> None:
    case_id = opened(world, mailbox, database, dt.date(2026, 11, 20), "service")
    again = dt.date(2026, 12, 24)
    with time_machine.travel(dt.datetime.combine(again, dt.time(2), dt.UTC), tick=False), world.app_context():
        answer_case(case_id, "Đã kê ghế.")
        judge(case_id, helped=False)
    due = counted_on(again, 10)
    case = only_case(database)
    assert (case.due_on, case.was_late) == (due, True)
    assert told_on(world, mailbox, counted_on(again, 5) - dt.timedelta(days=1)) == []
    assert told_on(world, mailbox, counted_on(again, 5)) == [COMMUNE]
    assert told_on(world, mailbox, due + dt.timedelta(days=1)) == sorted([ABOVE, COMMUNE])
