"""The desk shows agencies as a tree in time and changes them by the rules of the imports, with a trace."""

from __future__ import annotations

import datetime as dt

from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.foundation.changes.audit_entry import AuditEntry
from survey.registry.models import Agency, AgencySuccession, Counter, Service
from tests.registry.pages import fields_of, open_page, submit, text_of
from tests.registry_files.files import RESPONSES, Import
from tests.support.cases import in_one_world


def agency(database: SQLAlchemy, code: str) -> Agency:
    """As it is stored now."""
    database.session.rollback()
    return database.session.scalars(select(Agency).where(Agency.code == code)).one()


def last_entry(database: SQLAlchemy) -> AuditEntry:
    """The newest line of the audit log."""
    database.session.rollback()
    return database.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).all()[0]


def test_the_tree_shows_who_stands_under_whom_and_leaves_out_what_has_ended(officer: FlaskClient) -> None:
    page = open_page(officer, "/desk/agencies")
    depths = {
        "".join(cell.itertext()).strip(): cell.get("class")
        for row in page.iter("tr")
        for cell in row.iter("span")
        if (cell.get("class") or "").startswith("depth")
    }
    assert depths == {
        "Ủy ban nhân dân tỉnh": "depth-0",
        "Bệnh viện đa khoa": "depth-1",
        "Xã Ea Hai": "depth-1",
        "Xã Ea Mới": "depth-1",
    }


def test_ended_agencies_and_their_successors_are_shown_on_request(officer: FlaskClient) -> None:
    open_page(officer, "/desk/agencies?ended=1")
    page = text_of(officer.get("/desk/agencies?ended=1").text)
    assert "Xã Ea Cũ đã kết thúc" in page
    assert "… – 30/06/2025 Xã Ea Hai , Xã Ea Mới" in page


def test_agencies_are_found_without_marks(officer: FlaskClient) -> None:
    page = text_of(officer.get("/desk/agencies?q=benh+vien").text)
    assert "Bệnh viện đa khoa" in page
    assert "Xã Ea Mới" not in page


def test_the_page_of_an_agency_tells_what_became_of_it(officer: FlaskClient) -> None:
    open_page(officer, "/desk/agencies/EA-CU")
    page = text_of(officer.get("/desk/agencies/EA-CU").text)
    assert "đã kết thúc hoạt động ngày 30/06/2025" in page
    assert "chia tách, một phần về Xã Ea Mới (từ 01/07/2025)" in page
    heir = text_of(officer.get("/desk/agencies/EA-MOI").text)
    assert "Kế thừa từ Xã Ea Cũ" in heir
    assert "Quầy 1 Q1 Đăng ký khai sinh đang mở" in heir
    assert "Tháng 10/2026 đủ 1" in heir


def test_a_new_agency_is_stored_with_a_trace(administrator: FlaskClient, database: SQLAlchemy) -> None:
    path = "/desk/new-agency?province=dak-lak"
    answer = submit(
        administrator,
        path,
        "code",
        code="TYT",
        name="Trạm y tế",
        kind="public_service_unit",
        level="commune",
        parent="BV",
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/desk/agencies/TYT"
    stored = agency(database, "TYT")
    assert (stored.name, stored.parent.code, stored.province.key) == ("Trạm y tế", "BV", "dak-lak")
    entry = last_entry(database)
    assert (entry.action, entry.object_type, entry.object_id, entry.before) == ("create", "agencies", "TYT", None)
    assert entry.user_id is not None
    assert entry.after is not None
    assert entry.after["parent"] == "BV"


def test_an_edit_keeps_what_was_not_touched_and_notes_before_and_after(
    administrator: FlaskClient, database: SQLAlchemy
) -> None:
    answer = submit(administrator, "/desk/agencies/EA-CU/edit", "name", name="Xã Ea Cũ (cũ)", document="NQ 1660")
    assert answer.status_code == 302
    stored = agency(database, "EA-CU")
    assert (stored.name, stored.valid_to, stored.area) == ("Xã Ea Cũ (cũ)", dt.date(2025, 6, 30), "rural")
    links = database.session.scalars(select(AgencySuccession)).all()
    assert [(link.kind, link.document) for link in links] == [("split", "NQ 1660")] * 2
    entry = database.session.scalars(select(AuditEntry).where(AuditEntry.object_id == "EA-CU")).one()
    assert entry.before is not None
    assert entry.after is not None
    assert [(values["name"], values["document"]) for values in (entry.before, entry.after)] == [
        ("Xã Ea Cũ", None),
        ("Xã Ea Cũ (cũ)", "NQ 1660"),
    ]


def test_who_took_over_is_chosen_from_a_list_and_a_split_names_several(
    administrator: FlaskClient, database: SQLAlchemy
) -> None:
    def successors(code: str) -> list[str]:
        links = database.session.scalars(
            select(AgencySuccession).where(AgencySuccession.predecessor_id == agency(database, code).id)
        )
        return sorted(database.session.get_one(Agency, link.successor_id).code for link in links)

    path = "/desk/agencies/EA-HAI/edit"
    offered = {
        option.get("value") for option in open_page(administrator, path).findall(".//select[@id='successor']/option")
    }
    assert offered == {"", "UBND", "BV", "EA-CU", "EA-MOI"}
    ended = {"valid_to": "2026-10-31"}
    assert submit(administrator, path, "name", successor=["", "EA-MOI", "BV"], **ended).status_code == 302
    assert successors("EA-HAI") == ["BV", "EA-MOI"]
    chosen = fields_of(open_page(administrator, path), "name")["successor"]
    assert chosen == ["BV", "EA-MOI", ""]
    assert submit(administrator, path, "name", successor=["EA-MOI", "", ""]).status_code == 302
    assert successors("EA-HAI") == ["EA-MOI"]
    assert submit(administrator, path, "name", successor=["", "", ""]).status_code == 302
    assert successors("EA-HAI") == []


def test_the_document_of_an_abolition_stays_with_the_agency(administrator: FlaskClient, database: SQLAlchemy) -> None:
    submit(administrator, "/desk/agencies/EA-HAI/edit", "name", valid_to="2026-10-31", document="QĐ 12")
    assert agency(database, "EA-HAI").abolished_by == "QĐ 12"
    assert "QĐ 12" in administrator.get("/desk/agencies/EA-HAI").text


@in_one_world(
    ("changes", "message"),
    [
        ({"name": ""}, "Ô này bắt buộc."),
        ({"parent": "BV", "successor": "NOPE"}, "Không có mã này."),
        (
            {"parent": "EA-HAI", "valid_to": "2020-01-01", "valid_from": "2021-01-01"},
            "Ngày kết thúc trước ngày bắt đầu",
        ),
        ({"document": "NQ 1660"}, "Có văn bản nhưng cơ quan không kết thúc"),
        ({"successor": "UBND"}, "Kế thừa tạo thành vòng: UBND → UBND."),
        ({"parent": "BV"}, "Cơ quan cấp trên tạo thành vòng: UBND → BV → UBND."),
    ],
)
def test_a_mistake_is_told_at_its_field_and_loses_nothing_typed(
    administrator: FlaskClient, database: SQLAlchemy, changes: dict[str, str], message: str
) -> None:
    answer = submit(administrator, "/desk/agencies/UBND/edit", "name", **({"name": "Tên đang gõ"} | changes))
    assert answer.status_code == 422
    assert message in text_of(answer.text)
    assert "name" in changes or 'value="Tên đang gõ"' in answer.text
    assert agency(database, "UBND").name == "Ủy ban nhân dân tỉnh"


def test_a_code_is_not_used_twice(administrator: FlaskClient) -> None:
    answer = submit(administrator, "/desk/new-agency?province=dak-lak", "code", code="BV", name="Khác")
    assert answer.status_code == 422
    assert "Mã này đã có." in answer.text


def test_who_saves_second_is_told_and_overwrites_nothing(administrator: FlaskClient, database: SQLAlchemy) -> None:
    path = "/desk/agencies/BV/edit"
    old_form = fields_of(open_page(administrator, path), "name")
    assert submit(administrator, path, "name", name="Bệnh viện mới").status_code == 302
    answer = administrator.post(path, data=old_form | {"name": "Bệnh viện khác"})
    assert answer.status_code == 422
    assert "Người khác vừa sửa mục này" in answer.text
    assert agency(database, "BV").name == "Bệnh viện mới"


def test_a_service_is_added_and_changed_and_its_sector_stays_once_rated(
    administrator: FlaskClient, database: SQLAlchemy, world: Import
) -> None:
    answer = submit(administrator, "/desk/new-service", "code", code="TIEM", name="Tiêm chủng", sector="health")
    assert answer.status_code == 302
    assert world("responses", RESPONSES).exit_code == 0
    answer = submit(administrator, "/desk/services/KHAI-SINH/edit", "name", sector="health")
    assert answer.status_code == 422
    assert "đã có đánh giá thuộc ngành administration" in answer.text
    database.session.rollback()
    sectors = {s.code: s.sector for s in database.session.scalars(select(Service))}
    assert sectors == {"KHAI-SINH": "administration", "KHAM": "health", "TIEM": "health"}
    assert "Tiêm chủng" in text_of(administrator.get("/desk/services?q=tiem").text)


def test_a_counter_is_added_changed_closed_and_opened_again(administrator: FlaskClient, database: SQLAlchemy) -> None:
    def stored(code: str) -> Counter:
        database.session.rollback()
        return database.session.scalars(select(Counter).where(Counter.code == code)).one()

    new = "/desk/agencies/EA-HAI/new-counter"
    assert submit(administrator, new, "code", code="Q3", name="Quầy 3", services=["KHAI-SINH"]).status_code == 302
    assert [service.code for service in stored("Q3").services] == ["KHAI-SINH"]
    path = "/desk/agencies/EA-HAI/counters/Q3"
    assert submit(administrator, path, "name", name="Quầy ba", services=[]).status_code == 302
    assert (stored("Q3").name, stored("Q3").services) == ("Quầy ba", [])
    token = _closing_token(administrator, path)
    closing = {"csrf_token": token, "closed_on": "2026-11-01"}
    assert administrator.post(f"{path}/closing", data=closing).status_code == 302
    assert stored("Q3").closed_on == dt.date(2026, 11, 1)
    assert last_entry(database).action == "close"
    assert "đã đóng từ 01/11/2026" in text_of(administrator.get("/desk/agencies/EA-HAI").text)
    assert "không nhận đánh giá" in administrator.get("/c/Q3").text
    administrator.post(f"{path}/closing", data=closing | {"closed_on": "hôm qua"})
    assert stored("Q3").closed_on == dt.date(2026, 11, 1)
    administrator.post(f"{path}/closing", data=closing | {"closed_on": ""})
    assert stored("Q3").closed_on is None
    assert last_entry(database).action == "reopen"


def _closing_token(client: FlaskClient, path: str) -> str:
    token: str = fields_of(open_page(client, path), "closed_on")["csrf_token"]
    return token


CHANGES = [
    "/desk/new-agency?province=dak-lak",
    "/desk/agencies/BV/edit",
    "/desk/agencies/BV/new-counter",
    "/desk/agencies/BV/counters/Q2",
    "/desk/services/KHAM/edit",
    "/desk/new-service",
]


@in_one_world("path", CHANGES)
def test_who_may_only_look_is_told_so(officer: FlaskClient, health_owner: FlaskClient, path: str) -> None:
    assert officer.get(path).status_code == 403
    assert health_owner.get(path).status_code == 403


@in_one_world("path", ["/desk/agencies/BV", *CHANGES[:4], "/desk/agencies?province=dak-lak"])
def test_a_neighbour_learns_nothing_of_another_province(stranger: FlaskClient, path: str) -> None:
    assert stranger.get(path).status_code == 404
    assert "Bệnh viện" not in stranger.get("/desk/agencies").text


def test_codes_that_nothing_bears_are_not_found(administrator: FlaskClient) -> None:
    for path in ("/desk/agencies/X", "/desk/agencies/BV/counters/Q1", "/desk/services/X/edit"):
        assert administrator.get(path).status_code == 404
