"""A whole import is undone as long as nothing was built on it; afterwards everything is as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from tests.registry.pages import open_page, submit, text_of
from tests.registry_files.files import AGENCIES, CASELOADS, COUNTERS, SERVICES, Import, everything
from tests.support.staff import signed_in

LOG = ("audit_entries", "import_runs", "caseload_marks", "register_stamps", "staff_sessions")  # grow with every change
CHANGED = {
    "agencies": AGENCIES.replace("Bệnh viện đa khoa", "Bệnh viện tỉnh").replace("EA-MOI EA-HAI", "EA-MOI")
    + "TYT,Trạm y tế,public_service_unit,commune,rural,EA-BA,dak-lak,2025-07-01,,,,\n"
    + "EA-BA,Xã Ea Ba,administrative,commune,rural,UBND,dak-lak,,2025-06-30,EA-TU,,\n"
    + "EA-TU,Xã Ea Tư,administrative,commune,rural,UBND,dak-lak,2025-07-01,,,,\n",
    "services": SERVICES.replace("Hộ tịch", "Hộ tịch và cư trú") + "TIEM,Tiêm chủng,health,,\n",
    "counters": COUNTERS.replace("Quầy 1", "Quầy số 1") + "Q3,EA-HAI,Quầy 3,KHAI-SINH\n",
    "caseloads": CASELOADS.replace(",100,3", ",120,4") + "BV,KHAM,2026-09,,visit,2400,5\n",
}


def records(database: SQLAlchemy) -> dict[str, Any]:
    return {name: rows for name, rows in everything(database).items() if name not in LOG}


def taken(run: Import, kind: str, content: str) -> int:
    result = run(kind, content, "--format", "json")
    assert result.exit_code == 0, result.stderr
    number: int = json.loads(result.stdout)["import"]
    return number


def undo(run: Import, number: int) -> Any:
    return run("services", "", "--undo", str(number))


@pytest.mark.parametrize("kind", CHANGED)
def test_an_undone_import_leaves_everything_as_it_was(database: SQLAlchemy, world: Import, kind: str) -> None:
    before = records(database)
    number = taken(world, kind, CHANGED[kind])
    assert records(database) != before
    result = undo(world, number)
    assert result.exit_code == 0, result.stderr
    assert f"Đã hoàn tác lần nhập {number} (tep.csv)" in result.stdout
    assert records(database) == before
    again = undo(world, number)
    assert (again.exit_code, again.stderr) == (2, f"Lần nhập {number} đã được hoàn tác.\n")


def test_an_import_is_not_undone_when_something_was_built_on_it(
    database: SQLAlchemy, world: Import, subtests: pytest.Subtests
) -> None:
    numbers = {kind: taken(world, kind, content) for kind, content in CHANGED.items()}
    answers = (
        "id,agency,counter,service,answered_at,questionnaire,version,overall_service,overall_health\n"
        "11111111-1111-4111-8111-111111111111,,Q3,KHAI-SINH,2026-10-05,administration,1,5,\n"
        "22222222-2222-4222-8222-222222222222,BV,,TIEM,2026-10-05,health,1,,4\n"
        "33333333-3333-4333-8333-333333333333,TYT,,,2026-10-05,health,1,,4\n"
    )
    assert world("responses", answers).exit_code == 0
    before = records(database)
    for kind, told in (
        ("agencies", "“TYT” đã có dữ liệu dựa vào (lượt đánh giá)"),
        ("services", "“TIEM” đã có dữ liệu dựa vào (lượt đánh giá)"),
        ("counters", "“Q3” đã có dữ liệu dựa vào (lượt đánh giá)"),
    ):
        with subtests.test(kind):
            result = undo(world, numbers[kind])
            assert result.exit_code == 2
            assert told in result.stderr
    assert records(database) == before


def test_what_was_changed_since_is_not_overwritten(database: SQLAlchemy, world: Import) -> None:
    number = taken(world, "caseloads", CHANGED["caseloads"])
    assert world("caseloads", CASELOADS.replace(",100,3", ",130,4")).exit_code == 0
    before = records(database)
    result = undo(world, number)
    assert result.exit_code == 2
    assert "“EA-MOI/KHAI-SINH/2026-10/individual” đã được sửa sau lần nhập này" in result.stderr
    assert records(database) == before


def test_an_import_that_is_not_there_is_told(world: Import) -> None:
    assert undo(world, 4711).stderr == "Không có lần nhập 4711.\n"
    assert world("services", "").exit_code == 2


def test_an_agency_enters_its_own_caseload_and_undoes_its_own_import(
    app: Flask, world: Import, database: SQLAlchemy
) -> None:
    import io

    hospital = signed_in(app, "bv", "agency_manager", agency="BV")
    before = records(database)
    for code, ok in (("BV", True), ("EA-MOI", False)):
        service = "KHAM" if ok else "KHAI-SINH"
        content = f"agency,service,month,unit,count\n{code},{service},2026-09,visit,7\n".encode()
        answer = submit(hospital, "/desk/imports", "kind", kind="caseloads", file=(io.BytesIO(content), "tep.csv"))
        assert answer.status_code == (302 if ok else 422)
        if ok:
            assert submit(hospital, answer.headers["Location"], "discard").status_code == 302
    open_page(hospital, "/desk/imports")
    page = hospital.get("/desk/imports").text
    number = page.partition("/desk/imports/runs/")[2].partition("/")[0]
    stranger = signed_in(app, "khac", "agency_manager", agency="BV")
    address = f"/desk/imports/runs/{number}/undo"
    app.config["WTF_CSRF_ENABLED"] = False
    assert stranger.post(address).status_code == 404
    assert hospital.post(address).status_code == 302
    assert "đã hoàn tác" in text_of(hospital.get("/desk/imports").text)
    assert {name: rows for name, rows in records(database).items() if name not in ("users", "role_grants")} == {
        name: rows for name, rows in before.items() if name not in ("users", "role_grants")
    }
