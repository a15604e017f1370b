"""What reads like one thing and means another: never stored for the first, and taken where only one can be meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.registry.models import Agency, Caseload, Service
from tests.registry_files.files import Import, everything, workbook

pytestmark = pytest.mark.one_database

Lines = list[Sequence[object]]
LIST = ["Mã TTHC", "Số hồ sơ đã giải quyết"]
BIRTHS = ["KHAI-SINH", 12]
COUNTRY, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"


def stored(database: SQLAlchemy) -> list[tuple[str, str, str, int]]:
    query = (
        select(Agency.code, Service.code, Caseload.month, Caseload.count)
        .join(Agency, Agency.id == Caseload.agency_id)
        .join(Service, Service.id == Caseload.service_id)
        .where(Caseload.month != "2026-10")
    )
    return sorted((agency, service, month, count) for agency, service, month, count in database.session.execute(query))


def caseload(heading: str, month: object = "9/2026", agency: str = "EA-MOI") -> Lines:
    return [["Mã cơ quan", "Mã TTHC", "Tháng", heading], [agency, "KHAI-SINH", month, 12]]


@pytest.mark.parametrize(
    "heading",
    [
        "Số hồ sơ (quá hạn)",
        "Số hồ sơ (tồn kỳ trước)",
        "Tổng số (tiếp nhận)",
        "Đã giải quyết (đúng hạn)",
        "Tổng số đã giải quyết (lũy kế từ đầu năm)",
        "Dossiers (received)",
    ],
)
def test_a_count_of_what_brackets_say_is_not_what_was_handled(
    database: SQLAlchemy, world: Import, heading: str
) -> None:
    before = everything(database)
    result = world("caseloads", workbook(caseload(heading)))
    assert result.exit_code == 2
    assert f"cột {heading.lower()}: Cột lạ." in result.stderr
    assert everything(database) == before


@pytest.mark.parametrize(
    "heading", ["Số lượng (hồ sơ)", "Số hồ sơ (3)=(4)+(5)", "Số hồ sơ (đã giải quyết)", "Số hồ sơ (ĐVT: hồ sơ)"]
)
def test_brackets_that_say_the_same_or_a_unit_change_nothing(database: SQLAlchemy, world: Import, heading: str) -> None:
    result = world("caseloads", workbook(caseload(heading)))
    assert result.exit_code == 0, result.stderr
    assert stored(database) == [("EA-MOI", "KHAI-SINH", "2026-09", 12)]


@pytest.mark.parametrize(
    "title",
    [
        "Ea Mới, ngày 05 tháng 9 năm 2026",
        "Ea Mới, ngày       tháng 9 năm 2026",
        "9 tháng đầu năm 2026 (đến tháng 9 năm 2026)",
        "Lũy kế đến tháng 9/2026",
        "Tháng 8 và tháng 9 năm 2026",
        "Tuần 2 tháng 9/2026",
    ],
)
def test_the_day_of_a_signature_or_the_end_of_a_span_is_not_the_month_of_a_file(world: Import, title: str) -> None:
    result = world("caseloads", workbook([["Đơn vị: Xã Ea Mới"], [title], LIST, BIRTHS]))
    assert result.exit_code == 2
    assert "Tệp không ghi tháng." in result.stderr


@pytest.mark.parametrize(
    "title",
    [
        "THÁNG 9 NĂM 2026 (Kèm theo Công văn số 12 ngày 05 tháng 10 năm 2026)",
        "Tháng 9 năm 2026 so với tháng 9 năm 2025",
        "Kỳ báo cáo: 9/2026",
        "Từ ngày 01 tháng 9 năm 2026 đến hết ngày 30 tháng 9 năm 2026",
    ],
)
def test_the_month_that_a_title_names_is_taken_and_said(database: SQLAlchemy, world: Import, title: str) -> None:
    result = world("caseloads", workbook([["Đơn vị: Xã Ea Mới"], [title], LIST, BIRTHS]))
    assert result.exit_code == 0, result.stderr
    assert "Tháng ghi ở đầu tệp: tháng 9/2026." in result.stdout
    assert stored(database) == [("EA-MOI", "KHAI-SINH", "2026-09", 12)]


def test_the_year_of_a_signature_is_not_that_of_months_across(world: Import) -> None:
    matrix: Lines = [["Đơn vị: Xã Ea Mới"], ["Ngày 05 tháng 01 năm 2026"], ["Mã TTHC", "Tháng 8", "Tháng 9"]]
    result = world("caseloads", workbook([*matrix, ["KHAI-SINH", 1, 2]]))
    assert result.exit_code == 2
    assert "Tệp ghi tháng nhưng không ghi năm." in result.stderr
    told = world("caseloads", workbook([["Năm 2025"], *matrix, ["KHAI-SINH", 1, 2]]))
    assert "Năm ghi ở đầu tệp: 2025." in told.stdout


LETTERHEADS: dict[str, tuple[Lines, str]] = {
    "beside the country's name": ([["UBND TỈNH", COUNTRY], ["XÃ EA MỚI", MOTTO]], "EA-MOI"),
    "in one cell": ([["ỦY BAN NHÂN DÂN TỈNH\nXÃ EA MỚI", f"{COUNTRY}\n{MOTTO}"]], "EA-MOI"),
    "of one line": ([["XÃ EA MỚI", COUNTRY], ["", MOTTO]], "EA-MOI"),
    "of whom it is sent to": ([["Bệnh viện đa khoa"], ["- Đơn vị báo cáo: UBND xã Ea Mới"]], "EA-MOI"),
    "of an office nobody knows": ([["ỦY BAN NHÂN DÂN TỈNH", COUNTRY], ["PHÒNG LẠ", MOTTO]], ""),
    "of an unknown office that says so": ([["Bệnh viện đa khoa"], ["Đơn vị báo cáo: UBND xã Lạ"]], ""),
    "of two": ([["Bệnh viện đa khoa"], ["UBND xã Ea Mới"]], ""),
}


@pytest.mark.parametrize("what", LETTERHEADS)
def test_the_office_under_a_letterhead_is_meant_not_the_one_above_it(
    database: SQLAlchemy, world: Import, what: str
) -> None:
    titles, agency = LETTERHEADS[what]
    result = world("caseloads", workbook([*titles, ["Tháng 9/2026"], LIST, BIRTHS]))
    if agency:
        assert result.exit_code == 0, result.stderr
        assert stored(database) == [(agency, "KHAI-SINH", "2026-09", 12)]
    else:
        assert result.exit_code == 2
        assert "ghi nhiều cơ quan, hoặc tên ghi ở đầu tệp chưa có trong danh sách" in result.stderr


def test_a_month_whose_zero_a_spreadsheet_dropped_is_unclear(world: Import) -> None:
    for cell in (2026.1, "2026.1", "2026,1"):
        result = world("caseloads", workbook(caseload("Số hồ sơ", cell)))
        assert result.exit_code == 2
        assert "Không rõ là tháng 1 hay tháng 10" in result.stderr


MERGED = """\
code,name,kind,level,province,valid_from,valid_to,successor
TH-CU,UBND xã Tân Hòa,administrative,commune,dak-lak,,30/06/2025,TH-MOI
TH-KHAC,UBND xã Tân Họa,administrative,commune,dak-lak,,30/06/2025,TH-MOI
TH-MOI,UBND xã Tân Hòa,administrative,commune,dak-lak,01/07/2025,,
SL,UBND xã Ea Mới,administrative,commune,son-la,,,
"""


def test_of_agencies_with_one_name_the_one_that_was_there_is_meant(database: SQLAlchemy, world: Import) -> None:
    assert world("agencies", MERGED).exit_code == 0
    names = [
        ("Xã Tân Hoà", "9/2026"),
        ("UBND xã Tân Hòa", "5/2025"),
        ("xã Tân Họa", "5/2025"),
        ("xa tan hoa", "8/2026"),
    ]
    lines = [["Cơ quan", "Mã TTHC", "Tháng", "Số hồ sơ"], *([name, "KHAI-SINH", month, 12] for name, month in names)]
    result = world("caseloads", workbook(lines))
    assert result.exit_code == 0, result.stderr
    assert [(agency, month) for agency, _service, month, _count in stored(database)] == [
        ("TH-CU", "2025-05"),
        ("TH-KHAC", "2025-05"),
        ("TH-MOI", "2026-08"),
        ("TH-MOI", "2026-09"),
    ]


def test_names_that_several_have_and_names_of_other_places_are_refused(world: Import) -> None:
    assert world("agencies", MERGED).exit_code == 0
    for name, month, message in (
        ("Xã Ea Mới", "9/2026", "Tên này là của 2 nơi trong danh mục: EA-MOI, SL."),
        ("xã tan hoa", "5/2025", "Tên này là của 2 nơi trong danh mục: TH-CU, TH-KHAC."),
        ("Xã Tân Hỏa", "9/2026", "Danh mục không có mã hay tên này."),
        ("Xã Tân Hòa (huyện Ea Súp cũ)", "9/2026", "Danh mục không có mã hay tên này."),
        ("Xã Tân Họa", "9/2026", "Cơ quan TH-KHAC không hoạt động trong tháng này."),
    ):
        result = world("caseloads", workbook(caseload("Số hồ sơ", month, name)))
        assert result.exit_code == 2
        assert message in result.stderr


AGENCY = ["Mã", "Tên cơ quan", "Loại", "Cấp", "Tỉnh", "Ngày thành lập"]


def agency(code: str, since: object = None) -> list[object]:
    return [code, f"Đơn vị {code.replace('-', ' ')}", "Hành chính", "Xã", "Đắk Lắk", since]


def test_days_that_a_spreadsheet_swapped_are_refused_by_what_it_could_not_swap(
    database: SQLAlchemy, world: Import
) -> None:
    swapped = [AGENCY, agency("A1", dt.date(2012, 5, 3)), agency("A2", "15/03/2012")]
    result = world("agencies", workbook(swapped))
    assert result.exit_code == 2
    assert "dòng 2, cột valid_from, giá trị “2012-05-03”: Có thể ngày và tháng bị đảo" in result.stderr
    assert "“15/03/2012”" in result.stderr
    for right in (dt.date(2025, 7, 1), dt.date(2012, 5, 5)):
        assert world("agencies", workbook([AGENCY, agency("A1", right), agency("A2", "15/03/2012")])).exit_code == 0
    after_the_12th = [
        agency("A1", dt.date(2012, 5, 3)),
        agency("A3", dt.date(2012, 5, 30)),
        agency("A2", "15/03/2012"),
    ]
    assert world("agencies", workbook([AGENCY, *after_the_12th])).exit_code == 0


def test_words_hyphens_are_hyphens_and_letters_of_other_alphabets_are_shown(
    database: SQLAlchemy, world: Import
) -> None:
    for hyphen in "\u2010\u2011\u2013\u2212":
        result = world("agencies", workbook([AGENCY, agency(f"N{hyphen}1", f"01{hyphen}07{hyphen}2025")]))
        assert result.exit_code == 0, result.stderr
    made = database.session.scalars(select(Agency.code).where(Agency.code.like("N%"))).all()
    assert made == ["N-1"]
    result = world("agencies", workbook([AGENCY, agency("\u0422")]))
    assert result.exit_code == 2
    assert "Không phải mã hợp lệ: có “\u0422 (U+0422)”." in result.stderr


def test_a_sum_is_passed_over_though_merged_cells_give_it_an_agency_and_a_month(
    database: SQLAlchemy, world: Import
) -> None:
    lines: Lines = [
        ["Mã cơ quan", "Mã TTHC", "Tháng", "ĐVT", "Số hồ sơ"],
        ["EA-MOI", "KHAI-SINH", "9/2026", "hồ sơ", 12],
        ["EA-MOI", "Cộng", "9/2026", "hồ sơ", 12],
    ]
    result = world("caseloads", workbook(lines))
    assert result.exit_code == 0, result.stderr
    assert stored(database) == [("EA-MOI", "KHAI-SINH", "2026-09", 12)]
