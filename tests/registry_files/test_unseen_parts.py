"""What offices leave in files without seeing it: merged cells, hidden parts, old calendars, words for months."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from flask_sqlalchemy import SQLAlchemy
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from survey.registry.models import Agency, Caseload
from tests.registry_files.files import Import

HEADER = ["agency", "service", "month", "unit", "count"]
AGENCIES = ["code", "name", "kind", "level", "province", "valid_from"]
MAIN = ["EA-MOI", "KHAI-SINH"]
WAYS = ("Tháng mười năm 2025", "tháng Mười một/2025", "T.9/2025", "Th8/2025", "202507", "Kỳ 12/2025")
MONTHS = ("2025-10", "2025-11", "2025-09", "2025-08", "2025-07", "2025-12")


def book(fill: Callable[[Worksheet], None], epoch: dt.datetime | None = None) -> bytes:
    workbook, out = openpyxl.Workbook(), io.BytesIO()
    if epoch is not None:
        workbook.epoch = epoch
    fill(workbook.active)
    workbook.save(out)
    return out.getvalue()


def text(*lines: list[object]) -> str:
    return "\n".join(";".join(map(str, cells)) for cells in lines)


def stored(database: SQLAlchemy, year: str) -> list[tuple[str, int]]:
    query = select(Caseload.month, Caseload.count).where(Caseload.month.startswith(year)).order_by(Caseload.id)
    return [tuple(row) for row in database.session.execute(query)]


def test_months_in_words_and_short_are_read(database: SQLAlchemy, world: Import) -> None:
    result = world("caseloads", text(HEADER, *([*MAIN, way, "hồ sơ", 7] for way in WAYS)))
    assert result.exit_code == 0, result.stderr
    assert [month for month, _count in stored(database, "2025")] == [*MONTHS]


def test_both_signs_of_a_number_leave_no_doubt(database: SQLAlchemy, world: Import) -> None:
    result = world("caseloads", text(HEADER, [*MAIN, "2025-10", "hồ sơ", "1.234,00"]))
    assert result.exit_code == 0, result.stderr
    assert stored(database, "2025") == [("2025-10", 1234)]


def test_a_cell_merged_over_lines_counts_for_each_but_a_merged_count_does_not(
    database: SQLAlchemy, world: Import
) -> None:
    def fill(sheet: Worksheet) -> None:
        for line in (HEADER, [*MAIN, "2025-10", "hồ sơ", 5], [None, "KHAI-SINH", "2025-11", "hồ sơ", 6]):
            sheet.append(line)
        sheet.merge_cells("A2:A3")

    result = world("caseloads", book(fill))
    assert result.exit_code == 0, result.stderr
    assert "Cột agency có 1 ô gộp" in result.stdout
    assert stored(database, "2025") == [("2025-10", 5), ("2025-11", 6)]

    def merged_count(sheet: Worksheet) -> None:
        for line in (HEADER, [*MAIN, "2025-08", "hồ sơ", 5], [*MAIN, "2025-09", "hồ sơ", None]):
            sheet.append(line)
        sheet.merge_cells("E2:E3")

    refused = world("caseloads", book(merged_count))
    assert refused.exit_code == 2
    assert "dòng 3, cột count, giá trị “”: Ô đang trống." in refused.stderr


def test_hidden_lines_and_columns_are_said(database: SQLAlchemy, world: Import) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append([*HEADER, "ghi chú nội bộ"])
        sheet.append([*MAIN, "2025-10", "hồ sơ", 5, "mật"])
        sheet.append([*MAIN, "2025-11", "hồ sơ", 6, "mật"])
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = sheet.column_dimensions["F"].hidden = True

    result = world("caseloads", book(fill))
    assert result.exit_code == 0, result.stderr
    assert "1 dòng bị ẩn trong trang tính vẫn được đọc: dòng 3." in result.stdout
    assert "Cột bị ẩn vẫn được đọc: “unit”." in result.stdout
    assert "Bỏ qua cột bị ẩn “ghi chú nội bộ”." in result.stdout
    assert len(stored(database, "2025")) == 2


def test_numbers_of_days_in_workbooks_that_count_from_1904(database: SQLAlchemy, world: Import) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(AGENCIES)
        sheet.append(["M1", "Xã Một", "Hành chính", "Xã", "dak-lak", 45839 - 1462])

    result = world("agencies", book(fill, CALENDAR_MAC_1904))
    assert result.exit_code == 0, result.stderr
    assert database.session.scalar(select(Agency.valid_from).where(Agency.code == "M1")) == dt.date(2025, 7, 1)


def test_digits_of_codes_are_kept_by_formats_with_a_language_and_by_quoted_formulas(
    database: SQLAlchemy, world: Import
) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(AGENCIES[:5])
        sheet.append([12, "Xã Một", "Hành chính", "Xã", "dak-lak"])
        sheet["A2"].number_format = "[$-42A]0000"

    assert world("agencies", book(fill)).exit_code == 0
    quoted = world("agencies", text(AGENCIES[:5], ['="0013"', "Xã Hai", "Hành chính", "Xã", "dak-lak"]))
    assert quoted.exit_code == 0, quoted.stderr
    assert database.session.scalars(select(Agency.code).where(Agency.code.like("00%"))).all() == ["0012", "0013"]


def test_lines_whole_in_quotes_are_taken_apart(database: SQLAlchemy, world: Import) -> None:
    lines = [",".join(AGENCIES[:5]), "M1,Xã Một,Hành chính,Xã,dak-lak"]
    result = world("agencies", "\n".join(f'"{line}"' for line in lines))
    assert result.exit_code == 0, result.stderr
    assert "đã tách thành các ô" in result.stdout
    assert database.session.scalar(select(Agency.name).where(Agency.code == "M1")) == "Xã Một"


def test_sums_are_passed_over_whatever_they_are_called(world: Import, subtests: pytest.Subtests) -> None:
    for name in ("Cộng tháng 10", "T.Cộng", "Cộng chung", "Tổng toàn tỉnh", "I. Cộng", "TC"):
        with subtests.test(name):
            result = world("caseloads", text(HEADER, [*MAIN, "2025-10", "hồ sơ", 5], [name, "", "", "", 5]))
            assert result.exit_code == 0, result.stderr
            assert f"Bỏ qua dòng 3 (dòng tổng): “{name}”." in result.stdout


def sheet_of_results() -> bytes:
    """An OpenDocument sheet with a formula, as small as it can be."""
    kinds = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    named = [[f"<text:p>{cell}</text:p>" for cell in line] for line in (HEADER, [*MAIN, "2025-10", "hồ sơ"])]
    cells = ["".join(f'<table:table-cell office:value-type="string">{p}</table:table-cell>' for p in n) for n in named]
    formula = '<table:table-cell table:formula="of:=6+6" office:value-type="float" office:value="12"/>'
    rows = f"<table:table-row>{cells[0]}</table:table-row><table:table-row>{cells[1]}{formula}</table:table-row>"
    body = f'<office:body><office:spreadsheet><table:table table:name="a">{rows}</table:table></office:spreadsheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml", f"<office:document-content {kinds}>{body}</office:body></office:document-content>"
        )
    return out.getvalue()


def test_results_of_formulas_in_an_opendocument_sheet_are_said(database: SQLAlchemy, world: Import) -> None:
    result = world("caseloads", sheet_of_results(), name="a.ods")
    assert result.exit_code == 0, result.stderr
    assert "Tệp có công thức" in result.stdout
    assert stored(database, "2025") == [("2025-10", 12)]


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


LIST = [AGENCIES[:5], ["M1", "Xã Một", "Hành chính", "Xã", "dak-lak"]]
REFUSED: tuple[tuple[str, str, str | bytes, str], ...] = (
    ("a quarter", "caseloads", text(HEADER, [*MAIN, "Quý III/2025", "hồ sơ", 7]), "Đây là một quý"),
    ("an error as text", "caseloads", text(HEADER, [*MAIN, "2025-10", "hồ sơ", "#N/A"]), "Ô chứa lỗi của Excel"),
    ("a code made a number", "agencies", text(LIST[0], ["1E+05", *LIST[1][1:]]), "Excel đã đổi mã này thành số"),
    ("a name nobody has", "caseloads", text(HEADER, ["Sở Lạ", "KHAI-SINH", "2025-10", "hồ sơ", 7]), "mã hay tên này"),
    ("headings in VNI", "agencies", text(["Maõ cô quan", "Teân cô quan"], ["M1", "Xã"]), "Tiêu đề dùng phông cũ VNI"),
    ("TCVN3 with its soft hyphen", "agencies", text(LIST[0], ["M1", "x· Ph­êng Thñy", *LIST[1][2:]]), "xã Phường Thủy"),
    ("old Windows letters", "agencies", text(LIST[0], ["M1", "xaÞ ThýÒ Môòt", *LIST[1][2:]]), "xã Thử Một"),
    ("a web page in UTF-16", "agencies", "<html><table><tr><td>mã".encode("utf-16"), "trang web (HTML)"),
    ("a web archive", "agencies", "MIME-Version: 1.0\nX-Document-Type: Workbook\n", "trang web (HTML)"),
    ("JSON", "agencies", '{"a": [1, 2]}', "XML hoặc JSON"),
    ("Excel 4", "agencies", b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00", "Excel 4 hoặc cũ hơn"),
    ("a text of old Word", "agencies", b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "tệp Word"),
    ("a text of LibreOffice", "agencies", zipped(mimetype="application/vnd.oasis.opendocument.text"), "tệp Word"),
    ("an ODS with a password", "agencies", zipped(**{"META-INF__manifest.xml": "encryption-data"}), "có mật khẩu"),
    (
        "services for caseloads",
        "caseloads",
        text(["code", "name", "sector"], ["X", "Thủ tục", "health"]),
        "tệp dịch vụ",
    ),
)


def test_what_nobody_can_read_surely_is_called_by_its_name(world: Import, subtests: pytest.Subtests) -> None:
    for what, kind, content, message in REFUSED:
        with subtests.test(what):
            result = world(kind, content)
            assert result.exit_code == 2
            assert message in result.stderr
