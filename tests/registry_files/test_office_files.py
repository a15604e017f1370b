"""Files as offices make them: each is taken as if it had been typed right, or refused with a message that helps."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from survey.registry.models import Agency, Caseload, Counter, Service
from tests.registry_files.files import Import, everything, importer
from tests.support.clocks import frozen_at
from tests.support.worlds import stored_world

pytestmark = pytest.mark.one_database

FOLDER = Path(__file__).parents[1] / "data" / "imports"
BASE = ("agencies", "services", "counters")
SERVICE = "2.000949.000.00.00.H56"
FIRST, SECOND = ("T1", "UBND xã Thử Một"), ("T2", "UBND xã Thử Hai")
SINCE = dt.date(2025, 7, 1)


def make_base(app: Flask) -> None:
    """The 312 agencies, 430 services and 414 counters of an invented Sơn La."""
    run = importer(app.test_cli_runner(), Path(tempfile.mkdtemp()))
    for kind in BASE:
        result = run(kind, (FOLDER / f"base-{kind}.csv").read_bytes())
        assert result.exit_code == 0, result.stderr


database_url = stored_world("office_files", make_base, "office_base")
frozen_clock = frozen_at("2026-11-29T02:00:00+00:00")


@pytest.fixture(autouse=True)
def office_base(run_import: Import) -> None:
    """The base is there before each file."""


def send(run_import: Import, name: str, kind: str, *options: str) -> Any:
    return run_import(kind, (FOLDER / name).read_bytes(), *options, name=name)


def communes(database: SQLAlchemy) -> list[tuple[Any, ...]]:
    """The agencies that the base does not have."""
    query = select(Agency.code, Agency.name, Agency.kind, Agency.level, Agency.area, Agency.valid_from)
    new = ("T1", "T2", "t1", "00123", "00124", "123", "124", "OLD")
    return [tuple(row) for row in database.session.execute(query.where(Agency.code.in_(new)).order_by(Agency.code))]


def as_typed(*names: tuple[str, str]) -> list[tuple[Any, ...]]:
    return [(code, name, "administrative", "commune", "rural", SINCE) for code, name in names]


TWO = (FIRST, SECOND)
TAKEN_AGENCIES = (
    ("03b-date-serial.csv", (FIRST,), "“45839” đọc là 01/07/2025"),
    ("06-title-rows-merged.xlsx", TWO, "Dòng tiêu đề ở dòng 4; bỏ qua phía trên: “UBND TỈNH SƠN LA”"),
    ("07-vietnamese-headers.csv", TWO, ""),
    ("07b-vietnamese-header-and-values.csv", (("T1", "UBND xã Thử"),), ""),
    ("08b-blank-rows-top.csv", TWO, ""),
    ("11-utf16.csv", TWO, "UTF-16"),
    ("12b-sep-line.csv", TWO, ""),
    (
        "14-leading-zero-number-formatted-00123.xlsx",
        (("00123", FIRST[1]), ("00124", SECOND[1])),
        "Cột code, 2 ô là số có định dạng giữ số 0; ví dụ dòng 2: “00123” đọc là 00123.",
    ),
    ("16b-hidden-first-sheet.xlsx", TWO, "Không đọc trang tính bị ẩn: Cũ."),
    ("18-several-sheets-guide-first.xlsx", TWO, "Chỉ đọc trang tính “Dữ liệu”; không đọc: Sheet."),
    ("19-old.xls", TWO, ""),
    ("20-lo.ods", TWO, ""),
)


@pytest.mark.parametrize(("name", "wanted", "said"), TAKEN_AGENCIES, ids=[case[0] for case in TAKEN_AGENCIES])
def test_agencies_are_stored_as_if_typed_right(
    database: SQLAlchemy, run_import: Import, name: str, wanted: tuple[tuple[str, str], ...], said: str
) -> None:
    result = send(run_import, name, "agencies")
    assert result.exit_code == 0, result.stderr
    assert communes(database) == as_typed(*wanted)
    assert said in result.stdout
    if not said:
        assert len(result.stdout.splitlines()) <= 2  # nothing was passed over, so nothing is said of it


REFUSED = (
    ("10-win1258.csv", "agencies", "Windows-1258", "CSV UTF-8"),
    ("13c-same-code-other-case.csv", "agencies", "dòng 4, cột code, giá trị “t1”: Trùng với dòng 2.", "là một mã"),
    ("22b-national-code-as-number.xlsx", "services", "cột national_code, giá trị “1.00065”: Mã", "dạng Text"),
    ("22b-national-code-as-number.xlsx", "services", "cột code, giá trị “1.000656”: Mã", "dạng Text"),
    ("25b-month-future-2027.csv", "caseloads", "dòng 2, cột month, giá trị “2027-01”: Tháng này chưa bắt đầu.", "năm"),
    ("26-count-space-comma-decimal.csv", "caseloads", "dòng 3, cột count, giá trị “1,234”", "hàng nghìn"),
    ("26-count-space-comma-decimal.csv", "caseloads", "dòng 4, cột count, giá trị “12,0”", "hàng nghìn"),
    ("26-count-space-comma-decimal.csv", "caseloads", "dòng 5, cột count, giá trị “-”", "chữ số"),
    ("29-html-as-xls.xls", "agencies", "trang web (HTML)", "Save As"),
    ("25-month-thang10.csv", "caseloads", "dòng 5, cột month, giá trị “10/26”: Không rõ là tháng nào", "10/2026"),
    ("15-matrix.xlsx", "caseloads", "Tệp ghi tháng nhưng không ghi năm.", "--year"),
    ("27-unit-vn.csv", "agencies", "Đây có vẻ là tệp hồ sơ, không phải tệp cơ quan.", "caseloads"),
    ("11-utf16.csv", "caseloads", "Đây có vẻ là tệp cơ quan, không phải tệp hồ sơ.", "agencies"),
)


def test_what_cannot_be_read_surely_is_refused_with_advice(
    database: SQLAlchemy, run_import: Import, subtests: pytest.Subtests
) -> None:
    before = everything(database)
    for name, kind, message, mend in REFUSED:
        with subtests.test(name, message=message):
            result = send(run_import, name, kind)
            assert result.exit_code == 2
            assert message in result.stderr
            assert mend in result.stderr
    assert everything(database) == before


def test_only_the_unclear_cells_of_a_file_are_refused(run_import: Import) -> None:
    for name, wrong in (("26-count-space-comma-decimal.csv", 3), ("25-month-thang10.csv", 1)):
        assert f"có {wrong} lỗi; chưa nhập dòng nào" in send(run_import, name, "caseloads").stderr


def caseloads(database: SQLAlchemy) -> list[tuple[Any, ...]]:
    query = (
        select(Agency.code, Service.code, Caseload.month, Caseload.unit, Caseload.count, Caseload.overdue)
        .join(Agency, Agency.id == Caseload.agency_id)
        .join(Service, Service.id == Caseload.service_id)
        .order_by(Caseload.id)
    )
    return [tuple(row) for row in database.session.execute(query)]


@pytest.mark.parametrize(
    ("name", "count", "overdue", "said"),
    [
        ("04-thousands-dot.csv", 1234, 12, "“1.234” đọc là 1234"),
        ("27-unit-vn.csv", 12, 1, ""),
        ("28-total-row.csv", 12, 1, "Bỏ qua dòng 3 (dòng tổng): “Tổng cộng”."),
    ],
)
def test_caseloads_are_stored_as_if_typed_right(
    database: SQLAlchemy, run_import: Import, name: str, count: int, overdue: int, said: str
) -> None:
    result = send(run_import, name, "caseloads")
    assert result.exit_code == 0, result.stderr
    assert caseloads(database) == [("SNV", SERVICE, "2026-10", "dossier", count, overdue)]
    assert said in result.stdout


def test_months_are_read_as_offices_write_them(database: SQLAlchemy, run_import: Import) -> None:
    text = (FOLDER / "25-month-thang10.csv").read_text(encoding="utf-8-sig").replace("10/26", "Oct-26")
    result = run_import("caseloads", text)
    assert result.exit_code == 0, result.stderr
    assert [row[2] for row in caseloads(database)] == ["2026-10"] * 4


def test_a_matrix_is_taken_once_its_year_is_known(database: SQLAlchemy, run_import: Import) -> None:
    result = send(run_import, "15-matrix.xlsx", "caseloads", "--year", "2025")
    assert result.exit_code == 0, result.stderr
    stored = caseloads(database)
    assert len(stored) == 20 * 12
    assert {row[0] for row in stored} == {"H02-MC"}
    assert stored[0] == ("H02-MC", "2.000889.000.00.00.H56", "2025-01", "dossier", 662, None)
    assert stored[11][2:5:2] == ("2025-12", 414)
    assert (
        sum(row[4] for row in stored if row[1] == "1.000676")
        == 976 + 225 + 679 + 258 + 1393 + 1315 + 31 + 503 + 617 + 1414 + 921 + 1067
    )
    assert "Cơ quan ghi ở đầu tệp: Bộ phận Một cửa Mường La (H02-MC)." in result.stdout


def test_a_matrix_for_another_agency_is_taken_for_it(database: SQLAlchemy, run_import: Import) -> None:
    result = send(run_import, "15-matrix.xlsx", "caseloads", "--year", "2025", "--agency", "snv")
    assert result.exit_code == 0, result.stderr
    assert {row[0] for row in caseloads(database)} == {"SNV"}


def test_the_base_is_there(database: SQLAlchemy) -> None:
    counts = [database.session.scalar(select(func.count()).select_from(model)) for model in (Agency, Service, Counter)]
    assert counts == [312, 430, 414]
