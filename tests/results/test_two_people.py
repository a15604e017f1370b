"""Where a province asks for two people, one proposes to close or publish and another who may do it confirms."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from analysis.periods.models import Closing
from survey.accounts.models import Proposal, User
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.storage.database import writing
from tests.desk.test_overview import open_page
from tests.desk.world import NOW
from tests.results.test_closing_pages import OCTOBER, press
from tests.support.staff import client_of, make_user, signed_in

WAITING = "/desk/proposals/dak-lak/"
RULE = f"{WAITING}rule"


@pytest.fixture
def administrator(world: Flask) -> FlaskClient:
    """Who asks for two people, and proposes."""
    client = signed_in(world, "quan-tri", "administrator")
    assert "Từ nay cần hai người." in press(client, RULE, WAITING).text
    return client


@pytest.fixture
def second(world: Flask) -> FlaskClient:
    return signed_in(world, "pho-quan-tri", "administrator")


def closings(database: SQLAlchemy) -> list[tuple[int, bool]]:
    rows = database.session.execute(select(Closing.revision, Closing.published_at.is_not(None))).all()
    database.session.rollback()
    return [(revision, published) for revision, published in rows]


def proposal_of(database: SQLAlchemy) -> int:
    proposal = database.session.scalars(select(Proposal.id).order_by(Proposal.id.desc())).first()
    database.session.rollback()
    assert proposal is not None
    return proposal


def test_one_proposes_another_confirms(
    world: Flask, administrator: FlaskClient, second: FlaskClient, database: SQLAlchemy
) -> None:
    assert "một người khác có quyền cần xác nhận" in press(administrator, f"{OCTOBER}/close").text
    assert closings(database) == []
    confirm = f"{WAITING}{proposal_of(database)}/confirm"
    assert "Một người khác cần xác nhận." in open_page(administrator, WAITING)
    assert "Người xác nhận phải khác người đề nghị." in press(administrator, confirm, WAITING).text
    assert closings(database) == []
    page = open_page(second, WAITING)
    assert "Chốt kỳ: tháng 10/2026" in page
    assert "quan-tri đề nghị lúc 20/11/2026" in page
    assert "Chờ xác nhận 1 việc chờ xác nhận" in page
    assert "Đã chốt tháng 10/2026, bản 1." in press(second, confirm, WAITING).text
    assert closings(database) == [(1, False)]
    press(second, f"{OCTOBER}/publish")
    assert closings(database) == [(1, False)]
    assert "Đã công bố" in press(administrator, f"{WAITING}{proposal_of(database)}/confirm", OCTOBER).text
    assert closings(database) == [(1, True)]
    assert world.test_client().get("/results/dak-lak/2026-10").status_code == 200


def test_what_waits_stands_on_the_periods_own_page_and_returns_there(
    administrator: FlaskClient, second: FlaskClient, database: SQLAlchemy
) -> None:
    press(administrator, f"{OCTOBER}/close")
    assert "Đang chờ người thứ hai" in open_page(second, OCTOBER)
    assert "có đề nghị chờ xác nhận" in open_page(second, "/desk/closing/dak-lak/")
    done = press(second, f"{WAITING}{proposal_of(database)}/confirm?next={OCTOBER}", OCTOBER)
    assert done.request.path == OCTOBER
    assert "Đang chờ người thứ hai" not in done.text


def test_the_same_waits_only_once_and_can_be_withdrawn_by_either(
    administrator: FlaskClient, second: FlaskClient, database: SQLAlchemy
) -> None:
    for client in (administrator, second):
        press(administrator, f"{OCTOBER}/close")
        assert "đang chờ xác nhận" in press(second, f"{OCTOBER}/close").text
        withdraw = f"{WAITING}{proposal_of(database)}/withdraw"
        assert "Đã rút đề nghị." in press(client, withdraw, WAITING).text
        assert "không còn chờ nữa" in press(second, withdraw.replace("withdraw", "confirm"), WAITING).text
    assert closings(database) == []


def test_a_proposal_that_was_overtaken_is_refused(
    world: Flask, administrator: FlaskClient, second: FlaskClient, database: SQLAlchemy
) -> None:
    press(administrator, f"{OCTOBER}/close")
    operator = world.test_cli_runner().invoke(
        args=["analysis", "close", "--province", "dak-lak", "--period", "2026-10"]
    )
    assert operator.exit_code == 0  # whoever sits at the server may; it is traced
    assert "nay ở bản 2" in press(second, f"{WAITING}{proposal_of(database)}/confirm", WAITING).text
    assert closings(database) == [(1, False)]
    assert "Đã rút đề nghị." in press(second, f"{WAITING}{proposal_of(database)}/withdraw", WAITING).text


def test_what_cannot_be_done_is_not_even_proposed(administrator: FlaskClient, database: SQLAlchemy) -> None:
    assert "chưa kết thúc" in press(administrator, "/desk/closing/dak-lak/2026/close", revision="1").text
    assert database.session.scalars(select(Proposal)).all() == []


def test_switching_the_rule_off_needs_two_people_and_then_one_person_is_enough(
    administrator: FlaskClient, second: FlaskClient, database: SQLAlchemy
) -> None:
    press(administrator, f"{OCTOBER}/close")
    closing = proposal_of(database)
    assert "một người khác có quyền cần xác nhận" in press(administrator, RULE, WAITING).text
    off = f"{WAITING}{proposal_of(database)}/confirm"
    assert "Người xác nhận phải khác người đề nghị." in press(administrator, off, WAITING).text
    assert closings(database) == []
    assert "Từ nay một người là đủ." in press(second, off, WAITING).text
    assert "Đã chốt" in press(administrator, f"{OCTOBER}/close").text
    assert "nay ở bản 2" in press(second, f"{WAITING}{closing}/confirm", WAITING).text


def test_one_person_cannot_be_both_through_an_account_whose_password_they_gave_out(
    world: Flask, administrator: FlaskClient, second: FlaskClient, database: SQLAlchemy
) -> None:
    colleague = make_user(world, "dong-nghiep", "administrator")
    given = press(administrator, f"/desk/users/dak-lak/{colleague}/password", f"/desk/users/dak-lak/{colleague}")
    assert re.search(r"<code>[A-Z0-9-]{14}</code>", given.text)
    press(administrator, f"{OCTOBER}/close")
    with world.app_context(), writing() as session:
        session.get_one(User, colleague).must_change_password = False  # they have changed it since
    confirm = f"{WAITING}{proposal_of(database)}/confirm"
    refused = press(client_of(world, colleague), confirm, WAITING)
    assert "do chính người đề nghị cấp" in refused.text
    assert closings(database) == []
    press(second, confirm, WAITING)
    assert closings(database) == [(1, False)]


def test_every_step_leaves_its_trace(administrator: FlaskClient, second: FlaskClient, database: SQLAlchemy) -> None:
    press(administrator, f"{OCTOBER}/close")
    press(second, f"{WAITING}{proposal_of(database)}/confirm", WAITING)
    entries = list(database.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
    assert [(entry.action, entry.before, entry.after) for entry in entries] == [
        ("switch_two_people", {"two_people": False}, {"two_people": True}),
        ("propose", None, {"what": "close_period", "object": "2026-10", "period": "2026-10", "revision": 1}),
        (
            "confirm_proposal",
            {"status": "waiting", "what": "close_period", "object": "2026-10", "proposed_by": "quan-tri"},
            {"status": "confirmed"},
        ),
        (
            "close_period",
            {"period": "2026-10", "revision": 1, "state": "open"},
            {"period": "2026-10", "revision": 1, "state": "closed"},
        ),
    ]
    assert entries[1].user_id != entries[2].user_id == entries[3].user_id


def test_an_officer_reads_nothing_and_a_stranger_finds_nothing(
    world: Flask, administrator: FlaskClient, database: SQLAlchemy
) -> None:
    press(administrator, f"{OCTOBER}/close")
    proposal = proposal_of(database)
    for who, status in (({"role": "officer"}, 403), ({"role": "administrator", "province": "son-la"}, 404)):
        client = client_of(world, make_user(world, f"someone-{status}", **who))
        world.config["WTF_CSRF_CHECK_DEFAULT"] = False
        assert client.get(WAITING).status_code == status
        assert client.post(RULE).status_code == status
        for button in ("confirm", "withdraw"):
            assert client.post(f"{WAITING}{proposal}/{button}").status_code == status
    elsewhere = signed_in(world, "son-la", "administrator", province="son-la")
    assert elsewhere.post(f"/desk/proposals/son-la/{proposal}/confirm").status_code == 404
    assert closings(database) == []


def test_the_list_tells_who_decided(administrator: FlaskClient, second: FlaskClient, database: SQLAlchemy) -> None:
    assert "Không có đề nghị nào đang chờ." in open_page(second, WAITING)
    press(administrator, f"{OCTOBER}/close")
    with time_machine.travel(NOW + dt.timedelta(minutes=5), tick=False):
        press(second, f"{WAITING}{proposal_of(database)}/confirm", WAITING)
        page = open_page(second, WAITING)
    assert "quan-tri, 20/11/2026 10:00 pho-quan-tri, 20/11/2026 10:05 Đã xác nhận" in page
