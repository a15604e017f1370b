"""Caseloads at the desk: what is owed, and a grid that loses nothing and counts nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.foundation.changes.audit_entry import AuditEntry
from survey.registry.models import Agency, Caseload, Service
from tests.registry.pages import fields_of, open_page, submit, text_of
from tests.registry_files.files import RESPONSES, Import
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

GRID = "/desk/agencies/EA-MOI/caseloads/2026-10"
HOSPITAL = "/desk/agencies/BV/caseloads/2026-10"


def stored(database: SQLAlchemy, agency: str, month: str = "2026-10") -> dict[tuple[str, str], tuple[str, int, Any]]:
    """(service, kind) to (unit, count, overdue)."""
    database.session.rollback()
    rows = database.session.execute(
        select(Service.code, Caseload.respondent_kind, Caseload.unit, Caseload.count, Caseload.overdue)
        .join(Service, Service.id == Caseload.service_id)
        .join(Agency, Agency.id == Caseload.agency_id)
        .where(Agency.code == agency, Caseload.month == month)
    )
    return {(service, kind): (unit, count, overdue) for service, kind, unit, count, overdue in rows}


@pytest.fixture
def birth(database: SQLAlchemy, world: Import) -> int:
    """The id of the service at the commune."""
    return database.session.scalars(select(Service.id).where(Service.code == "KHAI-SINH")).one()


def test_the_grid_shows_what_is_stored(administrator: FlaskClient, birth: int) -> None:
    fields = fields_of(open_page(administrator, GRID), "seen")
    shown = {name: value for name, value in fields.items() if name.endswith(("individual", "organisation", "all"))}
    assert shown == {
        f"count-{birth}-all": "",
        f"overdue-{birth}-all": "",
        f"count-{birth}-individual": "100",
        f"overdue-{birth}-individual": "3",
        f"count-{birth}-organisation": "10",
        f"overdue-{birth}-organisation": "",
    }


def test_cells_are_stored_changed_and_emptied_with_one_trace(
    administrator: FlaskClient, database: SQLAlchemy, birth: int
) -> None:
    changes = {f"count-{birth}-individual": "120", f"count-{birth}-organisation": ""}
    assert submit(administrator, GRID, "seen", **changes).status_code == 302
    assert stored(database, "EA-MOI") == {("KHAI-SINH", "individual"): ("dossier", 120, 3)}
    entry = database.session.scalars(select(AuditEntry).where(AuditEntry.object_id == "EA-MOI/2026-10")).one()
    assert entry.before is not None
    assert entry.after is not None
    assert [(row["service"], row["count"]) for row in entry.before["records"]] == [
        ("KHAI-SINH", 100),
        ("KHAI-SINH", 10),
    ]
    assert [(row["service"], row["count"]) for row in entry.after["records"]] == [("KHAI-SINH", 120)]


def test_kinds_can_give_way_to_a_total(administrator: FlaskClient, database: SQLAlchemy, birth: int) -> None:
    changes = {
        f"count-{birth}-all": "130",
        f"count-{birth}-individual": "",
        f"overdue-{birth}-individual": "",
        f"count-{birth}-organisation": "",
    }
    assert submit(administrator, GRID, "seen", **changes).status_code == 302
    assert stored(database, "EA-MOI") == {("KHAI-SINH", ""): ("dossier", 130, None)}


@in_one_world(
    ("changes", "message"),
    [
        ({"count-{}-individual": "1,234"}, "hàng nghìn để liền"),
        ({"count-{}-individual": "-1"}, "Không phải số nguyên từ 0 trở lên."),
        ({"count-{}-individual": "2"}, "Số quá hạn lớn hơn tổng số (2)."),
        ({"count-{}-individual": ""}, "Ô đang trống."),
        ({"count-{}-all": "5"}, "sẽ bị đếm hai lần"),
        ({"unit-{}": "acre"}, "Không có trong danh mục."),
    ],
)
def test_a_mistake_stands_at_its_cell_and_nothing_typed_is_lost(
    administrator: FlaskClient, database: SQLAlchemy, birth: int, changes: dict[str, str], message: str
) -> None:
    before = stored(database, "EA-MOI")
    typed = {name.format(birth): value for name, value in changes.items()} | {f"count-{birth}-organisation": "77"}
    answer = submit(administrator, GRID, "seen", **typed)
    assert answer.status_code == 422
    assert message in text_of(answer.text)
    assert 'value="77"' in answer.text
    assert stored(database, "EA-MOI") == before


def test_who_saves_a_month_second_is_told_and_overwrites_nothing(
    administrator: FlaskClient, database: SQLAlchemy, birth: int
) -> None:
    old = fields_of(open_page(administrator, GRID), "seen")
    assert submit(administrator, GRID, "seen", **{f"count-{birth}-individual": "120"}).status_code == 302
    answer = administrator.post(GRID, data=old | {f"count-{birth}-individual": "90"})
    assert answer.status_code == 422
    assert "Người khác vừa sửa tháng này" in answer.text
    assert stored(database, "EA-MOI")["KHAI-SINH", "individual"][1] == 120


def test_a_service_can_be_added_to_the_grid(administrator: FlaskClient, database: SQLAlchemy, birth: int) -> None:
    path = "/desk/agencies/EA-HAI/caseloads/2026-10"
    assert "chưa có dịch vụ nào" in administrator.get(path).text
    answer = submit(administrator, f"{path}?add=KHAI-SINH", "seen", **{f"count-{birth}-all": "8"})
    assert answer.status_code == 302
    assert stored(database, "EA-HAI") == {("KHAI-SINH", ""): ("dossier", 8, None)}


def test_a_method_owner_enters_the_caseloads_of_the_own_sector_only(
    health_owner: FlaskClient, database: SQLAlchemy, birth: int
) -> None:
    visit = database.session.scalars(select(Service.id).where(Service.code == "KHAM")).one()
    assert submit(health_owner, HOSPITAL, "seen", **{f"count-{visit}-all": "2600"}).status_code == 302
    assert stored(database, "BV") == {("KHAM", ""): ("visit", 2600, None)}
    fields = fields_of(open_page(health_owner, f"{GRID}?add=KHAM"), "seen")
    assert not any(name.startswith(f"count-{birth}-") for name in fields)
    health_owner.post(f"{GRID}?add=KHAM", data=fields | {f"count-{birth}-individual": "1"})
    assert stored(database, "EA-MOI")["KHAI-SINH", "individual"][1] == 100


def test_others_may_not_enter_caseloads(officer: FlaskClient, stranger: FlaskClient) -> None:
    assert officer.get(GRID).status_code == 403
    assert stranger.get(GRID).status_code == 404
    assert officer.get("/desk/caseloads/owed").status_code == 404


@in_one_world("month", ["2026", "2026-13", "2026-Q3", "x"])
def test_what_is_no_month_is_not_found(administrator: FlaskClient, month: str) -> None:
    assert administrator.get(f"/desk/agencies/BV/caseloads/{month}").status_code == 404


def test_the_page_of_owed_months_names_who_has_not_sent(administrator: FlaskClient, world: Import) -> None:
    open_page(administrator, "/desk/caseloads/owed")
    assert "Mọi cơ quan đã gửi đủ" in administrator.get("/desk/caseloads/owed").text
    earlier = RESPONSES.replace("2026-10-05", "2026-09-05")
    assert world("responses", earlier).exit_code == 0
    page = text_of(administrator.get("/desk/caseloads/owed").text)
    assert "1 cơ quan chưa gửi đủ số hồ sơ của 6 tháng gần nhất." in page
    assert "thiếu 1/1 , Xã Ea Mới, tháng 9/2026" in page
    assert "Bệnh viện" not in page
    assert "Bệnh viện" in administrator.get("/desk/caseloads/owed?all=1").text


def test_each_owner_sees_what_is_owed_to_the_own_sector(app: Flask, world: Import) -> None:
    assert world("responses", RESPONSES.replace("2026-10-05", "2026-09-05")).exit_code == 0
    health = signed_in(app, "so-y-te", "method_owner", sector="health")
    assert "Xã Ea Mới" not in health.get("/desk/caseloads/owed").text
    administration = signed_in(app, "so-noi-vu", "method_owner", sector="administration")
    assert "Xã Ea Mới" in administration.get("/desk/caseloads/owed").text


def test_adding_a_service_keeps_what_was_typed_and_stores_nothing(world: Flask, health_owner: FlaskClient) -> None:
    fields = fields_of(open_page(health_owner, f"{GRID}?add=KHAM"), "seen")
    count = next(name for name in fields if name.startswith("count-"))
    page = health_owner.post(f"{GRID}?add=KHAM", data=fields | {count: "4321", "more": "1"}).text
    assert 'value="4321"' in page
    assert "4321" not in health_owner.get(f"{GRID}?add=KHAM").text
