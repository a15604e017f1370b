"""What a file tells outside of its cells (its unit) or a spreadsheet changed in them: never stored wrong in silence."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import pytest
from flask_sqlalchemy import SQLAlchemy
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from survey.accounts.models import User
from survey.registry.models import Agency, Caseload, Counter, counter_services
from tests.registry_files.files import Import, everything, workbook
from tests.registry_files.test_ordinary_files import CASELOAD, HEADER, book, joined, line
from tests.registry_files.test_ordinary_words import COUNTER, caseload

pytestmark = pytest.mark.one_database

WITHOUT_UNIT = ["Mã cơ quan", "Mã dịch vụ", "Tháng"]
ONE = ["EA-MOI", "KHAI-SINH", "9/2026", "12"]


def headed(count: str, *above: Sequence[object]) -> str:
    return joined([*above, [*WITHOUT_UNIT, count], ONE])


def matrix(group: str) -> str:
    return joined([["Đơn vị: Xã Ea Mới"], ["Mã dịch vụ", group, ""], ["", "T8", "T9"], ["KHAI-SINH", "1", "2"]])


COUNTED_OTHERWISE = {
    "in the heading": headed("Số hồ sơ (nghìn hồ sơ)"),
    "in the heading as a number": headed("Số hồ sơ (1.000 hồ sơ)"),
    "in the heading as per cent": headed("Số hồ sơ (%)"),
    "above the table": headed("Số hồ sơ", ["BÁO CÁO"], ["Đơn vị tính: nghìn hồ sơ"]),
    "above the table, shortly": headed("Số hồ sơ", ["(ĐVT: triệu)"]),
    "in capitals without marks": headed("Số hồ sơ", ["DVT: NGHÌN HỒ SƠ"]),
    "beside a column of units": joined([["ĐVT: nghìn"], CASELOAD, caseload()]),
    "over the months": matrix("Năm 2026 (nghìn hồ sơ)"),
    "above the months": joined([["Năm 2026; ĐVT: nghìn"], ["Mã dịch vụ", "T8", "T9"], ["KHAI-SINH", "1", "2"]]),
}


def test_counts_by_thousands_or_per_cent_are_refused(
    database: SQLAlchemy, world: Import, subtests: pytest.Subtests
) -> None:
    before = everything(database)
    for where, content in COUNTED_OTHERWISE.items():
        with subtests.test(where):
            result = world("caseloads", content)
            assert result.exit_code == 2
            assert "không đếm từng hồ sơ" in result.stderr
            assert "12 nghìn là 12000" in result.stderr
    assert everything(database) == before


UNITS = {
    "above the table": (headed("Số hồ sơ", ["BÁO CÁO"], ["(Đơn vị tính: lượt)"]), "visit"),
    "in brackets": (headed("Số hồ sơ (học sinh)"), "pupil"),
    "the heading itself": (headed("Số lượt khám"), "visit"),
    "nothing told": (headed("Số hồ sơ"), "dossier"),
    "the number of a column": (headed("Số hồ sơ (3)"), "dossier"),
    "an agency that begins like a thousand": (headed("Số hồ sơ", ["Đơn vị: Ngân hàng Nhà nước"]), "dossier"),
    "an agency that begins like a hundred": (headed("Số hồ sơ", ["Đơn vị: Trạm Y tế xã"]), "dossier"),
}


@pytest.mark.parametrize("where", UNITS)
def test_a_unit_told_once_is_that_of_every_line(database: SQLAlchemy, world: Import, where: str) -> None:
    content, unit = UNITS[where]
    result = world("caseloads", content)
    assert result.exit_code == 0, result.stderr
    stored = database.session.execute(select(Caseload.count, Caseload.unit).where(Caseload.month == "2026-09")).all()
    assert [tuple(row) for row in stored] == [(12, unit)]
    assert ("Đơn vị tính của cả tệp" in result.stdout) == (unit != "dossier")


DAY = dt.date(2026, 5, 3)  # what a spreadsheet makes of "3-5"
CHANGED: dict[str, tuple[str, Sequence[Sequence[object]]]] = {
    "a code": ("agencies", [HEADER, [DAY, *line()[1:]]]),
    "a name": ("counters", [COUNTER, ["S1", "EA-MOI", DAY, ""]]),
    "an agency of a counter": ("counters", [COUNTER, ["S1", DAY, "Quầy", ""]]),
    "services of a counter": ("counters", [COUNTER, ["S1", "EA-MOI", "Quầy", DAY]]),
    "a count": ("caseloads", [CASELOAD, caseload(count=DAY)]),
    "a time": ("counters", [COUNTER, ["S1", "EA-MOI", dt.time(1, 2), ""]]),
}


def test_a_cell_that_a_spreadsheet_made_a_day_is_no_code_name_or_count(
    database: SQLAlchemy, world: Import, subtests: pytest.Subtests
) -> None:
    before = everything(database)
    for what, (kind, lines) in CHANGED.items():
        with subtests.test(what):
            result = world(kind, workbook(lines))
            assert result.exit_code == 2
            assert "Excel đã đổi ô này thành ngày hoặc giờ" in result.stderr
            assert "dòng 2, cột" in result.stderr
    assert everything(database) == before


@pytest.mark.parametrize("day", ["01-Thg7-25", "01-thg 7-2025", "1 thg 7, 2025", "01 / 07 / 2025", "'01/07/2025"])
def test_days_as_vietnamese_spreadsheets_write_them(database: SQLAlchemy, world: Import, day: str) -> None:
    result = world("agencies", joined([HEADER, line(day, code="D1")]))
    assert result.exit_code == 0, result.stderr
    assert database.session.scalar(select(Agency.valid_from).where(Agency.code == "D1")) == dt.date(2025, 7, 1)


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("01/07/0025", "Năm không hợp lý"),
        ("01/07/1025", "Năm không hợp lý"),
        ("01/07/2205", "Năm không hợp lý"),
        ("01/07/75", "Không rõ là năm nào"),
        ("01-Jul-75", "Không rõ là năm nào"),
    ],
)
def test_a_year_that_cannot_be_meant_is_refused(world: Import, day: str, message: str) -> None:
    result = world("agencies", joined([HEADER, line(day, code="D1")]))
    assert result.exit_code == 2
    assert message in result.stderr
    assert world("agencies", joined([HEADER, line("02/09/1945", code="D1")])).exit_code == 0


def test_sums_as_spreadsheets_name_them_are_passed_over(database: SQLAlchemy, world: Import) -> None:
    sums = [["EA-MOI Total", "", "", "", "12", "1"], ["Grand Total", "", "", "", "12", "1"]]
    result = world("caseloads", joined([CASELOAD, caseload(), *sums]))
    assert result.exit_code == 0, result.stderr
    assert "Bỏ qua dòng 3 (dòng tổng): “EA-MOI Total”." in result.stdout


def test_all_services_of_a_counter_are_none_named(database: SQLAlchemy, world: Import) -> None:
    result = world("counters", joined([COUNTER, ["S1", "EA-MOI", "Quầy", "Tất cả dịch vụ"]]))
    assert result.exit_code == 0, result.stderr
    assert "“Tất cả dịch vụ” đọc là trống" in result.stdout
    links = select(counter_services).join(Counter, Counter.id == counter_services.c.counter_id)
    assert database.session.execute(links.where(Counter.code == "S1")).all() == []


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return out.getvalue()


NO_TABLES = {
    "Numbers": (archive("Index/Document.iwa", "Metadata/Properties.plist"), "Đây là tệp Numbers"),
    "Numbers, packed twice": (archive("Index.zip", "Metadata/Properties.plist"), "Đây là tệp Numbers"),
    "RAR": (b"Rar!\x1a\x07\x01\x00" + b"x" * 50, "tệp nén"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"x" * 50, "tệp nén"),
    "gzip": (b"\x1f\x8b\x08" + b"x" * 50, "tệp nén"),
    "nothing but zeros": (b"\0" * 4000, "Tệp không có nội dung"),
}


@pytest.mark.parametrize("what", NO_TABLES)
def test_files_of_telephones_and_archives_are_called_by_name(world: Import, what: str) -> None:
    content, message = NO_TABLES[what]
    result = world("agencies", content, name="danh-sach.xlsx")
    assert result.exit_code == 2
    assert message in result.stderr


def test_headings_in_an_old_font_are_read_as_they_were_written(world: Import) -> None:
    result = world("agencies", "M· c¬ quan,Tªn c¬ quan,CÊp\nA,B,C\n")
    assert "TCVN3 (ABC): “Mã cơ quan Tên cơ quan Cấp”" in result.stderr


def test_a_manager_without_an_agency_is_said_to_manage_all(database: SQLAlchemy, world: Import) -> None:
    header = ["Tên đăng nhập", "Họ và tên", "Vai trò", "Tỉnh", "Mã cơ quan"]
    lines = [["an", "An", "Quản lý cơ quan", "Đắk Lắk", ""], ["ba", "Ba", "Quản lý cơ quan", "Đắk Lắk", "BV"]]
    result = world("accounts", joined([header, *lines]))
    assert result.exit_code == 0, result.stderr
    assert "dòng 2, trống với vai trò quản lý cơ quan: “” đọc là mọi cơ quan của tỉnh" in result.stdout
    assert "dòng 3" not in result.stdout
    assert len(database.session.scalars(select(User.id)).all()) == 2


def test_an_address_that_ends_in_a_full_stop_is_refused(world: Import) -> None:
    result = world("accounts", "username,name,province,email\nan,An,dak-lak,an@so.gov.vn.\n")
    assert result.exit_code == 2
    assert "Không phải địa chỉ thư" in result.stderr


def test_a_per_cent_sign_that_a_format_only_writes_changes_no_number(world: Import) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(CASELOAD)
        sheet.append(caseload())
        sheet.cell(2, 5, 12).number_format = '0"%"'

    result = world("caseloads", book(fill))
    assert result.exit_code == 2
    assert "giá trị “12%”: Không phải số nguyên" in result.stderr
