"""A flood of reports from one network: each kept with its code, none among the others before a clerk has looked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from analysis.figures.case_queries import CaseScope, fetch_case_rows
from analysis.statistics.case_ratios import figures_of
from survey.accounts.models import User
from survey.feedback.models import FeedbackCase
from survey.feedback.queries import CaseFilter, fetch_cases
from survey.feedback.reach_queries import reached
from survey.feedback.reminders import remind
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.storage.database import db, writing
from survey.registry.models import Province
from tests.channels.conftest import Visitor
from tests.channels.world import HEALTH
from tests.feedback.test_flow import answered
from tests.feedback.test_following import code_in
from tests.registry.pages import text_of
from tests.reports.mailbox import open_mailbox
from tests.support.staff import signed_in

WORDS = "Phòng khám thiếu ghế, lượt"
SCREENING = "/desk/feedback?state=screening"


@pytest.fixture(autouse=True)
def narrow(world: Flask) -> None:
    """Two reports an hour go straight to the clerks."""
    world.extensions["settings"] = replace(world.extensions["settings"], feedback_an_hour=2)


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def report(world: Flask, number: int, network: str = "203.0.113.7") -> tuple[str, Visitor]:
    """Somebody's report: its code and their browser."""
    client = world.test_client()
    client.environ_base["REMOTE_ADDR"] = network
    citizen = Visitor(client, HEALTH)
    words = {"overall_health": "1", "comment": f"{WORDS} {number}", "reply": "1"}
    return code_in(citizen.send(citizen.open(), **words)), citizen


def cases(database: SQLAlchemy) -> list[FeedbackCase]:
    database.session.rollback()
    return sorted(database.session.scalars(select(FeedbackCase)), key=lambda case: case.words)


def screened(client: FlaskClient, address: str, case_id: int, **fields: str) -> str:
    """What the clerk reads after screening from a page that shows the buttons."""
    page = client.get(address).text
    token = page.partition(f'action="/desk/feedback/{case_id}/screen"')[2].partition('name="csrf_token" value="')[2]
    assert token, f"no buttons for {case_id} at {address}"
    data = {"csrf_token": token.partition('"')[0]} | fields
    answer = client.post(f"/desk/feedback/{case_id}/screen", data=data, follow_redirects=True)
    assert answer.status_code == 200
    return text_of(answer.text)


def test_each_report_of_a_flood_has_its_code_and_its_day_and_only_the_first_are_on_the_list(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    codes = [report(world, number)[0] for number in range(5)]
    assert len(set(codes)) == 5
    assert [case.set_apart for case in cases(database)] == [False, False, True, True, True]
    assert len({(case.state, case.due_on) for case in cases(database)}) == 1
    for code in codes:
        assert "Ý kiến đang chờ trả lời" in world.test_client().get(f"/p/{code}").text
    listed = text_of(owner.get("/desk/feedback").text)
    assert [f"{WORDS} {number}" in listed for number in range(5)] == [True, True, False, False, False]
    assert "Chờ sàng lọc (3)" in listed
    waiting = text_of(owner.get(SCREENING).text)
    assert [f"{WORDS} {number}" in waiting for number in range(5)] == [False, False, True, True, True]
    overview = text_of(owner.get("/desk/dak-lak/health").text)
    assert "Trả lời 2 phản ánh còn hạn" in overview
    assert "Sàng lọc 3 phản ánh đến dồn dập" in overview


def test_other_networks_and_the_next_hour_are_not_held_up_and_no_address_is_stored(
    world: Flask, database: SQLAlchemy
) -> None:
    for number in range(3):
        report(world, number)
    report(world, 3, "198.51.100.9")
    for number, address in ((4, "2001:db8:1:2::7"), (5, "2001:db8:1:2::8"), (6, "2001:db8:1:2:9::1")):
        report(world, number, address)
    with time_machine.travel(dt.datetime(2026, 11, 20, 23, tzinfo=dt.UTC), tick=False):
        report(world, 7)
    apart = [False, False, True, False, False, False, True, False]
    assert [case.set_apart for case in cases(database)] == apart
    with database.engine.connect() as connection:
        for table in database.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert not any(said in str(row) for said in ("203.0.113", "198.51.100", "2001:db8")), table.name


def test_the_same_form_sent_again_counts_once(world: Flask, database: SQLAlchemy) -> None:
    citizen = Visitor(world.test_client(), HEALTH)
    token, words = citizen.open(), {"overall_health": "1", "comment": f"{WORDS} 0", "reply": "1"}
    for _ in range(5):
        citizen.send(token, **words)
    report(world, 1, "127.0.0.1")
    assert [case.set_apart for case in cases(database)] == [False, False]


def test_a_clerk_releases_one_and_closes_the_rest_and_each_step_is_told(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    for number in range(5):
        report(world, number)
    first, second, third = [case.id for case in cases(database) if case.set_apart]
    assert "Đã đưa 1 phản ánh vào danh sách" in screened(owner, f"/desk/feedback/{second}", second, do="release")
    smallest = min(first, third)
    told = screened(owner, SCREENING, smallest, do="close", all="1")
    assert "Đã khép lại 2 phản ánh." in told
    assert "Chờ sàng lọc (0)" in told
    states = {case.id: (case.state, case.set_apart) for case in cases(database) if case.id in (first, second, third)}
    assert states == {first: ("closed", True), second: ("received", False), third: ("closed", True)}
    assert f"{WORDS} 3" in text_of(owner.get("/desk/feedback").text)
    assert f"{WORDS} 2" not in text_of(owner.get("/desk/feedback?state=closed").text)
    assert f"{WORDS} 2" in text_of(owner.get("/desk/feedback?state=screened").text)
    database.session.rollback()
    entries = database.session.scalars(select(AuditEntry).where(AuditEntry.object_type == "feedback")).all()
    assert sorted(entry.action for entry in entries) == ["close_feedback", "close_feedback", "release_feedback"]
    steps = {step.step for case in cases(database) for step in case.steps}
    assert steps == {"released", "screened_out"}


def test_an_answer_or_a_decision_lets_a_report_among_the_others(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    for number in range(3):
        report(world, number)
    answered(owner, f"/desk/feedback/{cases(database)[2].id}", "Đã kê ghế.")
    assert [case.set_apart for case in cases(database)] == [False] * 3


def test_whoever_meant_it_asks_once_more_and_is_looked_at_again(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    for number in range(2):
        report(world, number)
    code, citizen = report(world, 2)
    case_id = cases(database)[2].id
    screened(owner, f"/desk/feedback/{case_id}", case_id, do="close")
    page = citizen.client.get(f"/p/{code}").text
    assert "không có trả lời" in page
    assert "Closed on 20 Nov 2026 without an answer" in text_of(citizen.client.get(f"/p/{code}?lang=en").text)
    citizen.client.post(f"/p/{code}", data={"helped": "no"})
    assert "Ý kiến đang được xem lại" in citizen.client.get(f"/p/{code}").text
    assert f"{WORDS} 2" in text_of(owner.get(SCREENING).text)
    assert f"{WORDS} 2" not in text_of(owner.get("/desk/feedback").text)
    screened(owner, f"/desk/feedback/{case_id}", case_id, do="close")
    again = citizen.client.get(f"/p/{code}").text
    assert "không có trả lời" in again
    assert "Xin xem lại ý kiến này" not in again  # once
    citizen.client.post(f"/p/{code}", data={"helped": "no"})
    assert cases(database)[2].state == "closed"


def test_nobody_is_mailed_before_a_report_of_a_flood_was_let_among_the_others(
    world: Flask, owner: FlaskClient, database: SQLAlchemy, tmp_path: Path
) -> None:
    for number in range(3):
        report(world, number)
    with open_mailbox(tmp_path) as mailbox, world.app_context():
        settings = world.extensions["settings"]
        world.extensions["settings"] = replace(settings, smtp_url=mailbox.url)
        with writing() as session:
            for user in session.query(User):
                user.email = f"{user.username}@tinh.gov.vn"
        apart = cases(database)[2].id
        with time_machine.travel(dt.datetime(2026, 12, 8, 1, tzinfo=dt.UTC), tick=False):
            remind()
            assert [str(apart) in str(message["Subject"]) for message in mailbox.messages] == [False, False]
            manager = signed_in(world, "so-y-te-2", "method_owner", sector="health")
            screened(manager, f"/desk/feedback/{apart}", apart, do="release")
            remind()
    assert f"phản ánh số {apart} đã quá hạn" in str(mailbox.messages[-1]["Subject"])


def test_the_agency_it_is_about_screens_no_flood(world: Flask, database: SQLAlchemy) -> None:
    world.config["WTF_CSRF_ENABLED"] = False
    for number in range(3):
        report(world, number)
    case_id = cases(database)[2].id
    people = {
        "own": signed_in(world, "bv", "agency_manager", agency="bv-vung"),
        "other": signed_in(world, "so-gddt", "method_owner", sector="education"),
        "auditor": signed_in(world, "thanh-tra", "auditor"),
    }
    for name, client in people.items():
        status = client.post(f"/desk/feedback/{case_id}/screen", data={"do": "close", "all": "1"}).status_code
        assert status == (403 if name == "auditor" else 404), name
    assert people["auditor"].get(f"/desk/feedback/{case_id}").status_code == 200
    assert cases(database)[2].state == "received"
    owner = signed_in(world, "so-y-te", "method_owner", sector="health")
    assert owner.post(f"/desk/feedback/{case_id}/screen", data={"do": "erase"}).status_code == 422
    with world.app_context():
        bearer = db.session.query(User).filter_by(username="bv").one()
        reach = reached(db.session(), bearer, "view_comments")
        assert len(fetch_cases(reach, CaseFilter(("received",)), 1, 9)) == 2
        assert fetch_cases(reach, CaseFilter(("received",), apart=True), 1, 9) == []


def test_a_flood_that_was_closed_counts_as_received_and_in_no_ratio(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    for number in range(5):
        report(world, number)

    def told() -> tuple[int, int, int]:
        with world.app_context():
            province = db.session.query(Province).filter_by(key="dak-lak").one()
            days = dt.date(2026, 11, 20), dt.date(2026, 12, 8)
            with time_machine.travel(dt.datetime(2026, 12, 8, 1, tzinfo=dt.UTC), tick=False):
                figures = figures_of(row.handled for row in fetch_case_rows(CaseScope(province.id, ("health",), *days)))
            return figures.received, figures.competent, figures.overdue

    before = told()
    smallest = min(case.id for case in cases(database) if case.set_apart)
    screened(owner, SCREENING, smallest, do="close", all="1")
    assert (before[1] - told()[1], before[2] - told()[2]) == (3, 3)
    assert before[0] == told()[0]
