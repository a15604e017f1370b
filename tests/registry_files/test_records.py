"""Agencies, services, counters and caseloads: imported whole, twice without effect, and checked as a whole."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from analysis.reports.recipients import department, departments
from survey.foundation.changes.audit_entry import AuditEntry
from survey.registry.models import Agency, AgencySuccession, Caseload, Counter
from tests.registry_files.files import AGENCIES, CASELOADS, COUNTERS, SERVICES, WORLD, AssertRefused, Import, everything


def test_agencies_may_name_parents_and_successors_of_later_lines(database: SQLAlchemy, world: Import) -> None:
    agencies = {agency.code: agency for agency in database.session.scalars(select(Agency))}
    assert agencies["EA-MOI"].parent.code == "UBND"
    assert agencies["EA-CU"].valid_to == dt.date(2025, 6, 30)
    assert agencies["BV"].method_defined_on == dt.date(2013, 1, 15)
    successions = database.session.scalars(select(AgencySuccession)).all()
    assert {(s.predecessor_id, s.successor_id, s.kind, s.effective_on) for s in successions} == {
        (agencies["EA-CU"].id, agencies["EA-MOI"].id, "split", dt.date(2025, 7, 1)),
        (agencies["EA-CU"].id, agencies["EA-HAI"].id, "split", dt.date(2025, 7, 1)),
    }


def test_the_same_file_twice_changes_nothing(database: SQLAlchemy, world: Import, subtests: pytest.Subtests) -> None:
    before = everything(database)
    for kind, content in WORLD.items():
        with subtests.test(kind):
            result = world(kind, content, "--format", "json")
            assert result.exit_code == 0, result.stderr
            lines = content.count("\n") - 1
            assert json.loads(result.stdout) == {
                "kind": kind,
                "file": "tep.csv",
                "dry_run": False,
                "new": 0,
                "changed": 0,
                "unchanged": lines,
                "notes": [],
            }
            assert everything(database) == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(database: SQLAlchemy, world: Import) -> None:
    before = everything(database)
    content = CASELOADS.replace(",100,3", ",120,3") + "BV,KHAM,2026-11,,visit,9,\n"
    result = world("caseloads", content, "--dry-run", "--format", "json")
    assert result.exit_code == 0, result.stderr
    counts = json.loads(result.stdout)
    assert (counts["dry_run"], counts["new"], counts["changed"], counts["unchanged"]) == (True, 1, 1, 2)
    assert everything(database) == before


def test_one_bad_line_keeps_the_whole_file_out(database: SQLAlchemy, world: Import) -> None:
    before = everything(database)
    assert world("services", "code,name,sector\nNEW,Mới,health\nBAD,Hỏng,khong-co\n").exit_code == 2
    assert everything(database) == before


def test_a_changed_line_is_stored_and_audited_with_its_value_before_and_after(
    database: SQLAlchemy, world: Import
) -> None:
    result = world("caseloads", CASELOADS.replace(",100,3", ",120,3"))
    assert result.stdout.splitlines()[0] == "tep.csv: đã nhập: mới 0, thay đổi 1, giữ nguyên 2."
    assert sorted(database.session.scalars(select(Caseload.count))) == [10, 120, 2500]
    entry = database.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.object_type, entry.object_id) == ("import", "caseloads", "tep.csv")
    assert entry.province_id is not None
    assert entry.before is not None
    assert entry.after is not None
    assert [record["count"] for record in entry.before["records"]] == [100]
    assert [record["count"] for record in entry.after["records"]] == [120]


def test_a_column_the_file_lacks_keeps_what_is_stored_and_an_empty_cell_clears_it(
    database: SQLAlchemy, world: Import
) -> None:
    world("agencies", "code,name,kind,level,province\nBV,Bệnh viện mới,public_service_unit,province,dak-lak\n")
    hospital = database.session.scalars(select(Agency).where(Agency.code == "BV")).one()
    assert (hospital.name, hospital.area, hospital.method_defined_on) == (
        "Bệnh viện mới",
        "urban",
        dt.date(2013, 1, 15),
    )
    world("agencies", "code,name,kind,level,province,area\nBV,Bệnh viện,public_service_unit,province,dak-lak,\n")
    database.session.expire_all()
    assert (hospital.area, hospital.parent.code) == (None, "UBND")


def test_successors_can_change_and_the_document_of_a_succession_that_stays_is_kept(
    database: SQLAlchemy, world: Import
) -> None:
    stays = database.session.scalars(
        select(AgencySuccession).join(Agency, Agency.id == AgencySuccession.successor_id).where(Agency.code == "EA-MOI")
    ).one()
    stays.document = "NQ 1660/NQ-UBTVQH15"
    database.session.commit()
    world("agencies", AGENCIES.replace("EA-MOI EA-HAI", "EA-MOI"))
    database.session.expire_all()
    left = database.session.scalars(select(AgencySuccession)).one()
    assert (left.kind, left.document) == ("rename", "NQ 1660/NQ-UBTVQH15")


def with_documents(**documents: str) -> str:
    """The agencies' file with a document column."""
    head, *lines = AGENCIES.splitlines()
    rows = [f"{line},{documents.get(line.split(',')[0].replace('-', '_'), '')}" for line in lines]
    return "\n".join([f"{head},document", *rows, ""])


def documents_of(database: SQLAlchemy) -> tuple[set[str | None], dict[str, str]]:
    """Those of the successions, and those of agencies nobody succeeded."""
    database.session.rollback()
    agencies = database.session.scalars(select(Agency))
    own = {agency.code: agency.abolished_by for agency in agencies if agency.abolished_by}
    return set(database.session.scalars(select(AgencySuccession.document))), own


def test_a_file_brings_the_documents_of_successions_and_abolitions(database: SQLAlchemy, world: Import) -> None:
    file = with_documents(EA_CU="NQ 1660/NQ-UBTVQH15", BV="QĐ 12/QĐ-UBND")
    file = file.replace("urban,UBND,dak-lak,,,", "urban,UBND,dak-lak,,31/12/2025,")
    result = world("agencies", file)
    assert result.stdout.splitlines()[0] == "tep.csv: đã nhập: mới 0, thay đổi 2, giữ nguyên 3."
    assert documents_of(database) == ({"NQ 1660/NQ-UBTVQH15"}, {"BV": "QĐ 12/QĐ-UBND"})
    before = everything(database)
    assert world("agencies", file).exit_code == 0
    assert everything(database) == before


def test_a_file_without_documents_keeps_them_and_an_empty_cell_clears_one(database: SQLAlchemy, world: Import) -> None:
    world("agencies", with_documents(EA_CU="NQ 1660"))
    assert world("agencies", AGENCIES.replace("Xã Ea Cũ", "Xã Ea Cũ xưa")).exit_code == 0
    assert documents_of(database) == ({"NQ 1660"}, {})
    assert world("agencies", AGENCIES.replace("EA-MOI EA-HAI", "")).exit_code == 0
    assert documents_of(database) == (set(), {"EA-CU": "NQ 1660"})  # nobody succeeds it now: the document stays its own
    assert world("agencies", AGENCIES).exit_code == 0
    assert documents_of(database) == ({"NQ 1660"}, {})
    assert world("agencies", with_documents()).exit_code == 0
    assert documents_of(database) == ({None}, {})


def test_a_document_that_cannot_be_is_refused(refused: AssertRefused) -> None:
    refused(
        ("agencies", content, message)
        for content, message in (
            (with_documents(EA_CU="x" * 301), "cột document, giá trị “xxx"),
            (with_documents(EA_CU="=1+1"), "cột document, giá trị “=1+1”: Bắt đầu bằng dấu của công thức."),
            (with_documents(EA_MOI="NQ 1660"), "dòng 2, cột document, giá trị “NQ 1660”: Có văn bản nhưng cơ quan"),
        )
    )


def test_two_agencies_with_one_successor_are_a_merger(database: SQLAlchemy, world: Import) -> None:
    head = AGENCIES.splitlines()[0]
    world(
        "agencies",
        f"{head}\n"
        "A,Sở A,administrative,province,,,dak-lak,,2025-02-28,AB,,\n"
        "B,Sở B,administrative,province,,,dak-lak,,2025-02-28,AB,,\n"
        "AB,Sở AB,administrative,province,,,dak-lak,2025-03-01,,,,\n",
    )
    kinds = database.session.execute(
        select(Agency.code, AgencySuccession.kind).join(Agency, Agency.id == AgencySuccession.predecessor_id)
    )
    assert {code: kind for code, kind in kinds if code in "AB"} == {"A": "merge", "B": "merge"}


def agency(code: str, parent: str = "", province: str = "dak-lak", dates: str = ",", successor: str = "") -> str:
    """A file with one agency."""
    return (
        "code,name,kind,level,parent,province,valid_from,valid_to,successor\n"
        f"{code},Tên,administrative,commune,{parent},{province},{dates},{successor}\n"
    )


IMPOSSIBLE_TREES = (
    (agency("X", parent="NOPE"), "cột parent, giá trị “NOPE”: Không có mã này."),
    (agency("X", parent="X"), "cột parent, giá trị “X”: Cơ quan cấp trên tạo thành vòng: X → X."),
    (agency("UBND", parent="EA-MOI"), "vòng: UBND → EA-MOI → UBND."),
    (agency("X", province="ha-noi"), "cột province, giá trị “ha-noi”: Không có mã này. Dùng một trong: an-giang"),
    (agency("BV", province="son-la"), "Mã cơ quan này đã thuộc tỉnh dak-lak."),
    (agency("X", parent="BV", province="son-la"), "Cơ quan cấp trên thuộc tỉnh khác."),
    (agency("X", dates="2025-07-01,2025-06-30"), "Ngày kết thúc trước ngày bắt đầu (2025-07-01)."),
    (agency("X", dates="31/02/2025,"), "Không có ngày này trong lịch."),
    (agency("X", dates="2025/7,"), "Không phải ngày."),
    (agency("X", successor="BV NOPE"), "cột successor, giá trị “NOPE”: Không có mã này."),
    (agency("X", successor="X"), "Kế thừa tạo thành vòng: X → X."),
    (agency("EA-MOI", successor="EA-CU"), "Kế thừa tạo thành vòng: EA-MOI → EA-CU → EA-MOI."),
    (agency("có dấu"), "Không phải mã hợp lệ: có “ó”."),
    (agency("X") + agency("X").splitlines()[1], "dòng 3, cột code, giá trị “X”: Trùng với dòng 2."),
)


def test_a_tree_that_cannot_be_is_refused(refused: AssertRefused) -> None:
    refused(("agencies", content, message) for content, message in IMPOSSIBLE_TREES)


CONTRADICTIONS = (
    ("counters", "code,agency,name,services\nQ9,NOPE,Quầy,KHAM NOPE2\n", "cột agency, giá trị “NOPE”"),
    ("counters", "code,agency,name,services\nQ9,NOPE,Quầy,KHAM NOPE2\n", "cột services, giá trị “NOPE2”"),
    ("caseloads", "agency,service,month,unit,count\nEA-CU,KHAI-SINH,2025-07,dossier,1\n", "không hoạt động"),
    ("caseloads", "agency,service,month,unit,count\nEA-MOI,KHAI-SINH,2025-06,dossier,1\n", "không hoạt động"),
    ("caseloads", "agency,service,month,unit,count\nBV,KHAM,2026-10,pupil,1\nBV,KHAM,2026-10,visit,1\n", "Trùng"),
    (
        "caseloads",
        "agency,service,month,respondent_kind,unit,count\nBV,KHAM,2026-10,individual,visit,1\n",
        "đếm hai lần",
    ),
    (
        "caseloads",
        """agency,service,month,respondent_kind,unit,count
        BV,KHAM,2026-11,individual,visit,1
        BV,KHAM,2026-11,organisation,pupil,1
        """,
        "Một dịch vụ của một cơ quan chỉ dùng một đơn vị tính trong một tháng.",
    ),
)


def test_contradictions_are_refused(refused: AssertRefused) -> None:
    refused(CONTRADICTIONS)


def test_the_sector_of_a_service_stays_once_it_has_answers(database: SQLAlchemy, world: Import) -> None:
    from tests.registry_files.files import RESPONSES

    moved = SERVICES.replace("sinh,administration", "sinh,education")
    assert world("services", moved, "--dry-run").exit_code == 0
    assert world("responses", RESPONSES).exit_code == 0
    result = world("services", moved)
    assert result.exit_code == 2
    assert "đã có đánh giá thuộc ngành administration" in result.stderr


def test_a_counter_changes_its_services_and_keeps_its_code(database: SQLAlchemy, world: Import) -> None:
    result = world("counters", COUNTERS.replace("Quầy 1,KHAI-SINH", "Quầy số 1,KHAM KHAI-SINH"))
    assert "thay đổi 1" in result.stdout
    counter = database.session.scalars(select(Counter).where(Counter.code == "Q1")).one()
    assert counter.name == "Quầy số 1"
    assert [service.code for service in counter.services] == ["KHAM", "KHAI-SINH"]


@pytest.mark.parametrize("code", departments())
def test_no_agency_takes_the_code_of_a_department(refused: AssertRefused, code: str) -> None:
    head, example, *_rest = AGENCIES.splitlines()
    for written in (code, code.upper()):
        line = example.replace("EA-MOI", written)
        refused([("agencies", f"{head}\n{line}\n", f"Mã này là của {department(code)['name']} ở trang báo cáo.")])
