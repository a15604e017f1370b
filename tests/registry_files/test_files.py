"""Files are read whatever program wrote them, and refused with advice when they cannot be read surely."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.registry.models import Agency, Caseload, Service
from tests.registry_files.files import CASELOADS, SERVICES, WORLD, Import, workbook

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    "content",
    [
        SERVICES.encode(),
        SERVICES.encode("utf-8-sig"),
        SERVICES.replace("\n", "\r\n").encode(),
        SERVICES.replace(",", ";").encode(),
        SERVICES.replace(",", "\t").encode(),
        SERVICES.encode() + b"\n,,,,\n",
        unicodedata.normalize("NFD", SERVICES).encode(),
        ("\ufeff" + SERVICES).encode("utf-16-le"),
        SERVICES.replace(",", "\t").encode("utf-16-be"),
        ("sep=;\n" + SERVICES.replace(",", ";")).encode(),
        SERVICES.replace("\n", ",,,\n").encode(),
    ],
    ids=[
        *("plain", "byte order mark", "Windows lines", "semicolons", "tabs", "empty lines", "decomposed letters"),
        *("UTF-16 with its mark", "UTF-16 without", "sep line", "three commas too many"),
    ],
)
def test_every_usual_way_of_writing_csv_is_read(database: SQLAlchemy, run_import: Import, content: bytes) -> None:
    result = run_import("services", content)
    assert result.exit_code == 0, result.stderr
    names = database.session.scalars(select(Service.name))
    assert set(names) == {"Khám bệnh", "Đăng ký khai sinh"}


def test_the_order_of_columns_is_free_and_optional_ones_may_be_missing(
    database: SQLAlchemy, run_import: Import
) -> None:
    result = run_import("services", "sector,name,code\nhealth,Khám bệnh,KHAM\n")
    assert result.exit_code == 0, result.stderr
    service = database.session.scalars(select(Service)).one()
    assert (service.code, service.sector, service.field, service.national_code) == ("KHAM", "health", "", "")


def test_a_comma_in_a_name_does_not_change_the_separator(database: SQLAlchemy, run_import: Import) -> None:
    content = "code;name;sector\nS1;Đất đai, nhà ở, công trình;administration\n"
    assert run_import("services", content).exit_code == 0
    assert database.session.scalars(select(Service.name)).one() == "Đất đai, nhà ở, công trình"


UNREADABLE = (
    (b"", "không có nội dung"),
    (SERVICES.encode("utf-16")[:-1], "UTF-16"),
    *((SERVICES.encode(encoding), "Tệp dùng bảng mã UTF-32.") for encoding in ("utf-32", "utf-32-le", "utf-32-be")),
    (b"code,name,sector\nS1,X\xe3 Ea M\xf3i,health\n", "dòng 2: Chữ ở dòng này không phải bảng mã UTF-8"),
    ("code,name,sector\nS1,X� Ea,health\n".encode(), "dòng 2: Chữ đã bị hỏng"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "Không mở được tệp Excel"),
    (b"PK\x03\x04 not really a workbook", "Không mở được tệp Excel"),
    (b'code,name,sector\nS1,"Kh\n', "dấu nháy kép"),
    (b"code,name,sector\nS1,Kham\n", "dòng 2: Dòng có 2 ô, dòng tiêu đề có 3 cột."),
    (b"code,name,sector\nS1,Kham,health,more\n", "dòng 2: Dòng có 4 ô"),
    (b"code,name,sector\n", "không có dòng dữ liệu"),
    (b"code,name,sectr\nS1,A,health\n", "dòng 1, cột sectr: Cột lạ. Có phải “sector”?"),
    (b"code,name,sectr\nS1,A,health\n", "dòng 1, cột sector: Thiếu cột bắt buộc."),
    (b"code,name,sector,name\nS1,A,health,B\n", "dòng 1, cột name: Cột xuất hiện nhiều lần."),
    (b"code,name,sector,\nS1,A,health,B\n", "dòng 2: Dòng có 4 ô, dòng tiêu đề có 3 cột."),
    (b"code,,name,sector\nS1,B,A,health\n", "(không tên): Cột lạ."),
    (b"code,name,sector\nS1,=1+1,health\n", "Bắt đầu bằng dấu của công thức."),
    (b"code,name,sector\nS1,A\x01B,health\n", "ký tự điều khiển"),
    (b"code,name,sector\nS1," + b"A" * 301 + b",health\n", "tối đa 300 ký tự"),
)


def test_a_file_that_cannot_be_read_surely_is_refused_with_advice(
    database: SQLAlchemy, run_import: Import, subtests: pytest.Subtests
) -> None:
    for content, message in UNREADABLE:
        with subtests.test(message):
            result = run_import("services", content)
            assert result.exit_code == 2
            assert message in result.stderr
            assert result.stdout == ""
            database.session.rollback()
            assert database.session.scalars(select(Service)).all() == []


def test_a_file_that_is_not_there_is_named(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["survey", "import", "--kind", "services", "khong-co.csv"])
    assert result.exit_code == 2
    assert "khong-co.csv: không đọc được tệp" in result.stderr


def test_a_line_number_counts_the_lines_of_the_file_even_after_a_cell_of_two_lines(run_import: Import) -> None:
    result = run_import("services", 'code,name,sector\nS1,"Tên\ndài",health\nS2,Tên,helth\n')
    assert "dòng 4, cột sector, giá trị “helth”: Không có trong danh mục. Dùng một trong:" in result.stderr


def test_a_workbook_is_read_with_its_dates_and_numbers(database: SQLAlchemy, run_import: Import) -> None:
    for kind in ("services", "agencies"):
        assert run_import(kind, WORLD[kind]).exit_code == 0
    agencies = workbook(
        [
            ["code", "name", "kind", "level", "province", "valid_from", None],
            ["101", "Trạm y tế", "public_service_unit", "commune", "dak-lak", dt.date(2025, 7, 1), None],
            [None, None, None, None, None, None, None],
        ]
    )
    result = run_import("agencies", agencies, name="co-quan.xlsx")
    assert result.exit_code == 0, result.stderr
    agency = database.session.scalars(select(Agency).where(Agency.code == "101")).one()
    assert agency.valid_from == dt.date(2025, 7, 1)
    caseloads = workbook(
        [
            ["agency", "service", "month", "unit", "count"],
            ["BV", "KHAM", dt.date(2026, 10, 1), "visit", 2500],
            ["BV", "KHAM", "2026-11", "visit", 2600.0],
        ]
    )
    result = run_import("caseloads", caseloads, name="ho-so.xlsx")
    assert result.exit_code == 0, result.stderr
    query = select(Caseload.month, Caseload.count).order_by(Caseload.month)
    assert [tuple(row) for row in database.session.execute(query)] == [("2026-10", 2500), ("2026-11", 2600)]


def test_a_cell_that_is_no_stored_number_is_refused(world: Import, subtests: pytest.Subtests) -> None:
    for cell, message in (
        ("=1+1", "dòng 2, cột count, giá trị “=1+1”: Ô chứa công thức."),
        (True, "dòng 2, cột count, giá trị “True”: Không phải số nguyên"),
        (12.5, "dòng 2, cột count, giá trị “12.5”: Không phải số nguyên"),
    ):
        with subtests.test(message):
            content = workbook(
                [["unit", "count", "agency", "service", "month"], ["visit", cell, "BV", "KHAM", "2026-11"]]
            )
            result = world("caseloads", content, name="ho-so.xlsx")
            assert result.exit_code == 2
            assert message in result.stderr


def test_one_sheet_is_read_and_the_others_are_named(run_import: Import) -> None:
    content = workbook([["code", "name", "sector"], ["S1", "Khám", "health"]], GhiChu=[["lưu ý"]])
    result = run_import("services", content, name="dich-vu.xlsx")
    assert result.exit_code == 0
    assert "không đọc: GhiChu" in result.stdout


def test_a_long_list_of_mistakes_is_cut_and_counted(run_import: Import) -> None:
    lines = "".join(f"S{n},Tên,khong-co\n" for n in range(2000))
    result = run_import("services", f"code,name,sector\n{lines}")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 52
    assert "còn 1.950 lỗi nữa" in result.stderr
    assert "có 2.000 lỗi; chưa nhập dòng nào" in result.stderr


NO_NUMBER = (
    "Không phải số nguyên từ 0 trở lên. Chỉ ghi chữ số, không dấu âm, không phần lẻ; "
    "hàng nghìn để liền, cách bằng dấu chấm hoặc dấu cách."
)
MISTAKES = f"""\
tep.csv, dòng 5, cột month, giá trị “2026-13”: Không phải tháng. Viết năm-tháng, ví dụ 2026-10.
tep.csv, dòng 6, cột unit, giá trị “dosier”: Không có trong danh mục. Dùng một trong: \
dossier (Hồ sơ), visit (Lượt khám), pupil (Học sinh).
tep.csv, dòng 6, cột count, giá trị “-1”: {NO_NUMBER}
tep.csv, dòng 6, cột service, giá trị “KHAI-SIN”: Không có mã này. Có phải “KHAI-SINH”? Nhập dịch vụ trước, hoặc sửa mã.
tep.csv, dòng 7, cột count, giá trị “1,234”: {NO_NUMBER}
tep.csv, dòng 8, cột overdue, giá trị “6”: Số quá hạn lớn hơn tổng số (5). Sửa số lượng hoặc số quá hạn.
tep.csv, dòng 9, cột agency, service, month, respondent_kind, giá trị “BV KHAM 2026-10”: Trùng với dòng 4. \
Giữ lại một trong hai dòng; mã chỉ khác chữ hoa, chữ thường là một mã.
tep.csv: có 7 lỗi; chưa nhập dòng nào.
"""


def test_every_mistake_of_a_file_is_told_at_once_with_file_line_column_value_and_mend(world: Import) -> None:
    content = CASELOADS + (
        "EA-MOI,KHAI-SINH,2026-13,individual,dossier,1,\n"
        "EA-MOI,KHAI-SIN,2026-09,individual,dosier,-1,\n"
        'EA-MOI,KHAI-SINH,2026-09,individual,dossier,"1,234",\n'
        "EA-MOI,KHAI-SINH,2026-08,individual,dossier,5,6\n"
        "BV,KHAM,2026-10,,visit,2500,\n"
    )
    result = world("caseloads", content)
    assert result.exit_code == 2
    assert result.stderr == MISTAKES
