"""XLSX, XLS and ODS of the same workbook, as an office program writes them, are read with the same words.

The workbooks of tests/data/workbooks were made with openpyxl and written in each format by LibreOffice 7.4.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from pathlib import Path

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.foundation.tables import untold_ods, untold_xls
from survey.foundation.tables.old_containers import stream
from survey.registry.models import Agency, Caseload
from tests.registry_files.binary_workbooks import binary_workbook
from tests.registry_files.files import Import

FOLDER = Path(__file__).parents[1] / "data" / "workbooks"
FORMATS = ("xlsx", "xls", "ods")
SAID = (
    "Tệp có công thức: đã lấy kết quả lưu trong tệp, kết quả ấy có thể đã cũ.",
    "1 dòng bị ẩn trong trang tính vẫn được đọc: dòng 3.",
    "Cột bị ẩn vẫn được đọc: “unit”.",
    "Bỏ qua cột bị ẩn “ghi chú nội bộ”.",
    "Cột agency có 1 ô gộp",
)


@pytest.mark.parametrize("format_", FORMATS)
def test_formulas_hidden_parts_and_merged_cells_are_said_and_read(
    database: SQLAlchemy, world: Import, format_: str
) -> None:
    result = world("caseloads", (FOLDER / f"unseen.{format_}").read_bytes(), name=f"a.{format_}")
    assert result.exit_code == 0, result.stderr
    assert [said for said in SAID if said not in result.stdout] == []
    query = select(Caseload.month, Caseload.count).where(Caseload.month.startswith("2025")).order_by(Caseload.month)
    assert [tuple(row) for row in database.session.execute(query)] == [("2025-10", 6), ("2025-11", 7)]


@pytest.mark.parametrize("format_", FORMATS)
def test_numbers_keep_the_zeros_of_their_format(database: SQLAlchemy, run_import: Import, format_: str) -> None:
    result = run_import("agencies", (FOLDER / f"zeros.{format_}").read_bytes(), name=f"a.{format_}")
    assert result.exit_code == 0, result.stderr
    assert "Tệp có công thức" not in result.stdout
    assert sorted(database.session.scalars(select(Agency.code))) == ["0012", "0013", "1234"]


@pytest.mark.parametrize("format_", FORMATS)
def test_numbers_without_such_a_format_are_no_codes(run_import: Import, format_: str) -> None:
    result = run_import("agencies", (FOLDER / f"bare.{format_}").read_bytes(), name=f"a.{format_}")
    assert result.exit_code == 2
    assert "Mã trong ô này là số" in result.stderr


@pytest.mark.parametrize("format_", FORMATS)
def test_a_count_that_is_shown_as_per_cent_is_no_count(world: Import, format_: str) -> None:
    result = world("caseloads", (FOLDER / f"percent.{format_}").read_bytes(), name=f"a.{format_}")
    assert result.exit_code == 2
    assert "giá trị “100%”: Không phải số nguyên" in result.stderr


def test_a_binary_workbook_of_excel_is_read(database: SQLAlchemy, run_import: Import) -> None:
    header = ["Mã", "Tên cơ quan", "Loại", "Cấp", "Tỉnh", "Ngày thành lập"]
    of_numbers = ["Đặc khu Một", "Hành chính", "Đặc khu", "Đắk Lắk", 45839.0]
    result = run_import("agencies", binary_workbook([header, ["0012", *of_numbers]]), name="a.xlsb")
    assert result.exit_code == 0, result.stderr
    assert database.session.execute(select(Agency.code, Agency.valid_from)).all() == [("0012", dt.date(2025, 7, 1))]
    refused = run_import("agencies", binary_workbook([header, [12.0, *of_numbers]]), name="a.xlsb")
    assert refused.exit_code == 2
    assert "Mã trong ô này là số" in refused.stderr


def test_a_damaged_container_is_refused_and_never_turns_in_a_circle(run_import: Import) -> None:
    whole = (FOLDER / "unseen.xls").read_bytes()
    for place in range(0, len(whole), 251):
        broken = whole[:place] + b"\xff\x00\x00\x00" + whole[place + 4 :]
        try:
            untold_xls.untold_of(broken)
        except (struct.error, IndexError, ValueError):
            continue
    table = bytearray(whole)
    first = struct.unpack_from("<I", whole, 48)[0]
    fat = (struct.unpack_from("<I", whole, 76)[0] + 1) * 512
    struct.pack_into("<I", table, fat + 4 * first, first)  # the directory goes on with itself
    with pytest.raises(ValueError, match="circle"):
        stream(bytes(table), ("Workbook",))
    refused = run_import("agencies", bytes(table), name="a.xls")
    assert refused.exit_code == 2
    assert "Không mở được tệp Excel" in refused.stderr


def test_an_opendocument_sheet_that_stands_for_a_million_cells_is_too_large(run_import: Import) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(FOLDER / "zeros.ods") as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename == "content.xml":
                formula = b'<table:table-cell table:formula="of:=1" table:number-columns-repeated="400"'
                content = content.replace(
                    b"<table:table-row ", b'<table:table-row table:number-rows-repeated="240000" '
                )
                content = content.replace(b"<table:table-cell ", formula + b" ", 1)
            made.writestr(entry, content)
    with pytest.raises(OverflowError):
        untold_ods.untold_of(out.getvalue())
    result = run_import("agencies", out.getvalue(), name="a.ods")
    assert result.exit_code == 2
    assert "quá lớn" in result.stderr
