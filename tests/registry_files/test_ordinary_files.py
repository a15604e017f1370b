"""More files as offices make them: whatever surrounds the table or clings to its cells, the same records are stored."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from collections.abc import Callable, Sequence

import openpyxl
import pytest
from flask_sqlalchemy import SQLAlchemy
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from survey.registry.models import Agency, Caseload, Service
from tests.registry_files.files import Import

pytestmark = pytest.mark.one_database

Lines = Sequence[Sequence[object]]
HEADER = ["Mã", "Tên cơ quan", "Loại", "Cấp", "Địa bàn", "Tỉnh", "Ngày thành lập"]
NAME = "UBND xã Một Hai"
SINCE = dt.date(2025, 7, 1)
CASELOAD = ["Mã cơ quan", "Mã dịch vụ", "Tháng", "Đơn vị tính", "Số hồ sơ", "Quá hạn"]


def line(day: object = "01/07/2025", name: str = NAME, province: str = "Đắk Lắk", code: str = "CODE") -> list[object]:
    return [code, name, "Hành chính", "Xã", "Nông thôn", province, day]


def joined(lines: Lines, separator: str = ";", end: str = "\r\n") -> str:
    return end.join(separator.join(map(str, cells)) for cells in lines)


def book(fill: Callable[[Worksheet], None]) -> bytes:
    workbook, out = openpyxl.Workbook(), io.BytesIO()
    fill(workbook.active)
    workbook.save(out)
    return out.getvalue()


def two_level_header(sheet: Worksheet) -> None:
    """Titles, a group over three columns, all other headings merged over both lines."""
    sheet["A1"] = "DANH SÁCH CƠ QUAN"
    sheet.merge_cells("A1:G1")
    for cell, text in (("A3", HEADER[0]), ("B3", HEADER[1]), ("C3", "Phân loại"), ("F3", HEADER[5]), ("G3", HEADER[6])):
        sheet[cell] = text
    sheet.merge_cells("C3:E3")
    for column in "ABFG":
        sheet.merge_cells(f"{column}3:{column}4")
    for cell, text in zip(("C4", "D4", "E4"), HEADER[2:5], strict=True):
        sheet[cell] = text
    for place, text in enumerate(line(), 1):
        sheet.cell(5, place, text)


def stored_days(sheet: Worksheet) -> None:
    sheet.append(HEADER)
    sheet.append(line(SINCE))


def quoted(lines: Lines) -> str:
    return "\n".join(";".join(f'"{cell}"' for cell in cells) for cells in lines)


NUMBERED = [f"({n})" for n in range(1, 8)]
FILES: dict[str, str | bytes] = {
    "semicolons and a mark of UTF-8": "\ufeff" + joined([HEADER, line()]),
    "UTF-16 without its mark": joined([HEADER, line()], "\t").encode("utf-16-le"),
    "UTF-16, big end first": b"\xfe\xff" + joined([HEADER, line()], "\t").encode("utf-16-be"),
    "sep= in UTF-16": ("sep=;\r\n" + joined([HEADER, line()])).encode("utf-16"),
    "sep= with a tab": "sep=\t\r\n" + joined([HEADER, line()], "\t"),
    "lines of an old Macintosh": joined([HEADER, line()], end="\r"),
    "spaces at the ends": joined([[f"{cell} " for cell in HEADER], [f" {cell}\u00a0" for cell in line()]]),
    "spaces that do not break": joined([HEADER, line(name=NAME.replace(" ", "\u00a0"))]),
    "digits of full width": joined([HEADER, line("０１/０７/２０２５")]),
    "marks apart from their letters": unicodedata.normalize("NFD", joined([HEADER, line()])),
    "signs without width": joined([[f"\u200b{cell}" for cell in HEADER], line(code="\u200bCODE")]),
    "headings on two lines": quoted([[cell.replace(" ", "\n") for cell in HEADER], line()]),
    "headings with stars": joined([[f"{cell} (*)" for cell in HEADER], line()]),
    "headings in capitals": joined([[f"{cell.upper()}:" for cell in HEADER], line(province="TỈNH ĐẮK LẮK")]),
    "empty columns": joined([["", *HEADER[:3], "", *HEADER[3:], ""], ["", *line()[:3], "", *line()[3:], ""]]),
    "numbers of columns": joined([HEADER, NUMBERED, line()]),
    "a sum and a signature": joined([HEADER, line(), ["Tổng cộng: 1", *[""] * 6], [*[""] * 6, "Thủ trưởng"]]),
    "names under the signatures": joined(
        [HEADER, line(), ["", "NGƯỜI LẬP BIỂU", *[""] * 3, "GIÁM ĐỐC", ""], ["", "Lê Văn A", *[""] * 3, "Vi Thị B", ""]]
    ),
    "a day in words": joined([HEADER, line("ngày 01 tháng 7 năm 2025")]),
    "a day with dots": joined([HEADER, line("1.7.2025")]),
    "a day with its midnight": joined([HEADER, line("01/07/2025 00:00:00")]),
    "a day as programs write it": joined([HEADER, line("2025-07-01T00:00:00")]),
    "a day stored as one": book(stored_days),
    "a header of two levels": book(two_level_header),
}


def test_each_stores_the_same_agency(database: SQLAlchemy, world: Import, subtests: pytest.Subtests) -> None:
    for place, (what, content) in enumerate(FILES.items()):
        with subtests.test(what):
            code = f"F{place:03}"
            result = world("agencies", _with_code(content, code))
            assert result.exit_code == 0, result.stderr
            query = select(Agency.name, Agency.kind, Agency.level, Agency.area, Agency.valid_from)
            stored = database.session.execute(query.where(Agency.code == code)).all()
            assert [tuple(row) for row in stored] == [(NAME, "administrative", "commune", "rural", SINCE)]


def _with_code(content: str | bytes, code: str) -> str | bytes:
    """The file with a code of its own, as long as the word it stands for."""
    if isinstance(content, str):
        return content.replace("CODE", code)
    if not content.startswith(b"PK"):
        encoding = "utf-16-be" if content.startswith(b"\xfe\xff") else "utf-16-le"
        return content.replace("CODE".encode(encoding), code.encode(encoding))
    workbook, out = openpyxl.load_workbook(io.BytesIO(content)), io.BytesIO()
    for cells in workbook.active.iter_rows():
        for cell in cells:
            if cell.value == "CODE":
                cell.value = code
    workbook.save(out)
    return out.getvalue()


def grouped_caseloads(sheet: Worksheet) -> None:
    """A report with a group over its two counts, a number before each line and a sum by formula below."""
    for place, text in enumerate(["TT", *CASELOAD[:4], "Kết quả giải quyết"], 1):
        sheet.cell(2, place, text)
    sheet["A1"] = "BÁO CÁO SỐ HỒ SƠ"
    sheet["F3"], sheet["G3"] = CASELOAD[4:]
    sheet.merge_cells("F2:G2")
    for place, value in enumerate([1, "EA-MOI", "KHAI-SINH", dt.date(2026, 9, 1), "hồ sơ", 1234, 5], 1):
        sheet.cell(4, place, value)
    sheet["A5"], sheet["F5"], sheet["G5"] = "Tổng cộng", "=SUM(F4:F4)", "=SUM(G4:G4)"
    sheet.merge_cells("A5:E5")


def test_groups_of_counts_above_their_columns_are_read(database: SQLAlchemy, world: Import) -> None:
    result = world("caseloads", book(grouped_caseloads))
    assert result.exit_code == 0, result.stderr
    assert "Tiêu đề hai tầng, ở dòng 2 và 3." in result.stdout
    stored = database.session.execute(select(Caseload.count, Caseload.overdue).where(Caseload.month == "2026-09"))
    assert [tuple(row) for row in stored] == [(1234, 5)]


def test_a_first_line_of_data_is_never_taken_for_a_second_line_of_the_header(world: Import) -> None:
    lacking_area = [[cells[place] for place in (0, 1, 2, 3, 5)] for cells in (HEADER, line())]
    lacking_area[1][1] = "Địa bàn"  # an agency called as a column that the file lacks
    result = world("agencies", joined(lacking_area))
    assert "mới 1" in result.stdout
    assert "hai tầng" not in result.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (joined([CASELOAD, ["EA-MOI", "KHAI-SINH", "9/2026", "hồ sơ", "12 hồ sơ", ""]]), "Không phải số nguyên"),
        (joined([CASELOAD, ["EA-MOI", "KHAI-SINH", "9/2026", "hồ sơ", "1234.5", ""]]), "Không phải số nguyên"),
    ],
)
def test_a_count_with_more_than_its_digits_is_refused(world: Import, content: str, message: str) -> None:
    result = world("caseloads", content)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_service_is_found_by_its_whole_name_if_no_other_has_it(database: SQLAlchemy, world: Import) -> None:
    header = "agency,service,month,unit,count\n"
    result = world("caseloads", header + "EA-MOI, đăng ký  KHAI SINH ,2025-10,hồ sơ,7\n")
    assert result.exit_code == 0, result.stderr
    assert "ghi tên hoặc mã quốc gia" in result.stdout
    query = select(Service.code).join(Caseload, Caseload.service_id == Service.id).where(Caseload.month == "2025-10")
    assert database.session.scalars(query).all() == ["KHAI-SINH"]
    for name in ("Đăng ký khai sinh (lưu động)", "Dang ky khai sinh", "khai sinh"):
        refused = world("caseloads", header + f"EA-MOI,{name},2025-11,hồ sơ,7\n")
        assert refused.exit_code == 2
        assert "mã hay tên này" in refused.stderr
    assert world("services", "code,name,sector\nHAI,Đăng ký khai sinh,administration\n").exit_code == 0
    assert world("caseloads", header + "EA-MOI,Đăng ký khai sinh,2025-11,hồ sơ,7\n").exit_code == 2
