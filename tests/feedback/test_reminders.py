"""Who holds a case is told once when it is half-way, and once with the level above when it is late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from survey.accounts.models import User
from survey.feedback.deadlines import half_way
from survey.foundation.storage.database import writing
from survey.registry.models import Agency
from tests.feedback.test_flow import answered, handed
from tests.feedback.test_kinds import only_case, report
from tests.reports.mailbox import Mailbox, open_mailbox
from tests.support.staff import signed_in

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with open_mailbox(tmp_path) as box:
        yield box


@pytest.fixture
def address(world: Flask, mailbox: Mailbox, database: SQLAlchemy) -> str:
    """A case handed to the commune, whose people, the Sở and the province have mail; the page of the case."""
    world.extensions["settings"] = replace(world.extensions["settings"], smtp_url=mailbox.url)
    owner = signed_in(world, "so-y-te", "method_owner", sector="health")
    signed_in(world, "xa", "agency_manager", agency="ubnd-ea-kao")
    signed_in(world, "so-gddt", "method_owner", sector="education")
    signed_in(world, "can-bo", "officer", agency="ubnd-ea-kao")
    with world.app_context(), writing() as session:
        for user in session.query(User):
            user.email = f"{user.username}@tinh.gov.vn"
    report(world, "Phòng khám thiếu ghế")
    address = f"/desk/feedback/{only_case(database).id}"
    handed(owner, address, "ubnd-ea-kao")
    return address


def told(world: Flask, mailbox: Mailbox, day: dt.date) -> list[EmailMessage]:
    """What the daily job sends on a day."""
    before = len(mailbox.messages)
    with time_machine.travel(dt.datetime.combine(day, dt.time(1), dt.UTC), tick=False), world.app_context():
        result = world.test_cli_runner().invoke(args=["survey", "remind"])
        assert result.exit_code == 0, result.output
    return mailbox.messages[before:]


def receivers(messages: list[EmailMessage]) -> list[str]:
    return sorted(str(message["To"]) for message in messages)


def test_each_day_of_a_case_tells_whom_it_should_and_only_once(
    world: Flask, mailbox: Mailbox, address: str, database: SQLAlchemy
) -> None:
    days = [dt.date(2026, 11, 20) + dt.timedelta(days=number) for number in range(18)]
    for day in days:
        for _twice in range(2):
            told(world, mailbox, day)
    sent = sorted((str(message["To"]), str(message["Subject"])) for message in mailbox.messages)
    number = only_case(database).id
    assert sent == [
        ("so-y-te@tinh.gov.vn", f"Hài lòng: phản ánh số {number} đã quá hạn"),
        ("xa@tinh.gov.vn", f"Hài lòng: phản ánh số {number} sắp đến hạn"),
        ("xa@tinh.gov.vn", f"Hài lòng: phản ánh số {number} đã quá hạn"),
    ]
    assert all("ghế" not in message.get_content() for message in mailbox.messages)
    case = only_case(database)
    assert case.reminded_at is not None
    assert case.overdue_told_at is not None
    assert (case.reminded_at.date(), case.overdue_told_at.date()) == (dt.date(2026, 11, 27), dt.date(2026, 12, 5))


def test_an_answered_case_is_not_reminded_of(world: Flask, mailbox: Mailbox, address: str) -> None:
    answered(signed_in(world, "so-y-te-2", "method_owner", sector="health"), address, "Đã kê ghế.")
    assert told(world, mailbox, dt.date(2026, 12, 20)) == []


def test_a_mail_that_could_not_be_sent_is_tried_again(world: Flask, mailbox: Mailbox, address: str) -> None:
    mailbox.refuse("xa@tinh.gov.vn", "451 try again later")
    assert told(world, mailbox, dt.date(2026, 11, 30)) == []
    mailbox.accept("xa@tinh.gov.vn")
    assert receivers(told(world, mailbox, dt.date(2026, 12, 1))) == ["xa@tinh.gov.vn"]


@pytest.mark.parametrize("stored", ["<", "a@[1", ":;:", "xa@tinh.gov.vn, khac@noi-khac.vn"])
def test_an_account_whose_address_is_none_stops_no_mail_to_others(
    world: Flask, mailbox: Mailbox, address: str, stored: str
) -> None:
    signed_in(world, "kho-doc", "agency_manager", agency="ubnd-ea-kao")
    with world.app_context(), writing() as session:
        session.query(User).filter_by(username="kho-doc").one().email = stored
    assert receivers(told(world, mailbox, dt.date(2026, 11, 30))) == ["xa@tinh.gov.vn"]


def test_an_answer_after_its_day_is_kept_as_late(world: Flask, address: str, database: SQLAlchemy) -> None:
    with time_machine.travel(dt.datetime(2026, 12, 7, 3, tzinfo=dt.UTC), tick=False):
        owner = signed_in(world, "so-y-te-3", "method_owner", sector="health")
        answered(owner, address, "Đã kê ghế.")
    assert only_case(database).was_late


@pytest.mark.parametrize(
    ("since", "due", "expected"),
    [
        (dt.date(2026, 11, 20), dt.date(2026, 12, 4), dt.date(2026, 11, 27)),  # ten working days, five on
        (dt.date(2026, 2, 12), dt.date(2026, 3, 5), dt.date(2026, 2, 26)),  # across Tết
        (MONDAY, MONDAY + dt.timedelta(days=1), MONDAY),
    ],
)
def test_half_way_is_counted_in_working_days(since: dt.date, due: dt.date, expected: dt.date) -> None:
    assert half_way(since, due) == expected


def test_a_department_is_not_reminded_of_a_report_about_itself(
    world: Flask, mailbox: Mailbox, database: SQLAlchemy
) -> None:
    world.extensions["settings"] = replace(world.extensions["settings"], smtp_url=mailbox.url)
    signed_in(world, "so-y-te", "method_owner", sector="health")
    signed_in(world, "ubnd-tinh", "administrator")
    report(world, "Phòng khám thiếu ghế")
    agency_id = only_case(database).agency_id
    with world.app_context(), writing() as session:
        for user in session.query(User):
            user.email = f"{user.username}@tinh.gov.vn"
        agency = session.get_one(Agency, agency_id)
        agency.name, agency.level = "Sở Y tế", "province"
    for day in range(16):
        told(world, mailbox, dt.date(2026, 11, 23) + dt.timedelta(days=day))
    assert set(receivers(mailbox.messages)) == {"ubnd-tinh@tinh.gov.vn"}
