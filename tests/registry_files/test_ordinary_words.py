"""What offices write in cells and headings is taken as meant and said, or refused by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from flask_sqlalchemy import SQLAlchemy
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from survey.registry.models import Agency, Caseload, Counter, Service, counter_services
from tests.registry_files.files import Import
from tests.registry_files.test_ordinary_files import CASELOAD, HEADER, Lines, book, joined, line

pytestmark = pytest.mark.one_database

LEVELS = {
    "province": ("Sở", "Cấp sở", "Sở, ban, ngành", "Tỉnh/Thành phố", "Cấp tỉnh"),
    "district": ("Quận/Huyện", "Huyện, thị xã, thành phố"),
    "commune": ("Đặc khu", "Xã/Phường/Đặc khu", "phường", "THỊ TRẤN"),
}
KINDS = {
    "administrative": ("CQHC", "Hành chính nhà nước", "Cơ quan chuyên môn"),
    "public_service_unit": ("ĐVSNCL", "Đơn vị SN", "Đơn vị sự nghiệp công lập"),
}
AREAS = {"rural": ("KV nông thôn", "Khu vực nông thôn"), "remote": ("Vùng cao", "Biên giới, hải đảo"), None: ("-", "–")}
DAYS = ("20250701", "2025/07/01", "01.07.25", "1 Jul 2025", "01/07/2025 08:30", "2025-07-01T08:30:00", "45839.0")


def numbered(kind: str, place: int) -> str:
    return f"{kind}{place:02}"


def test_words_for_closed_values_days_and_provinces(database: SQLAlchemy, world: Import) -> None:
    lines: list[list[object]] = []
    wanted = []
    for column, choices in ((3, LEVELS), (2, KINDS), (4, AREAS)):
        for value, words in choices.items():
            for word in words:
                cells = line(code=numbered("W", len(lines)))
                cells[column] = word
                lines.append(cells)
                wanted.append((column, value))
    for day in DAYS:
        lines.append(line(day, code=numbered("W", len(lines))))
        wanted.append((6, dt.date(2025, 7, 1)))
    for province in ("T. Đắk Lắk", "tỉnh Đăk Lăk", "DAK LAK"):
        lines.append(line(province=province, code=numbered("W", len(lines))))
        wanted.append((6, dt.date(2025, 7, 1)))
    result = world("agencies", joined([HEADER, *lines]))
    assert result.exit_code == 0, result.stderr
    query = select(Agency.kind, Agency.level, Agency.area, Agency.valid_from).where(Agency.code.startswith("W"))
    stored = database.session.execute(query.order_by(Agency.code)).all()
    place = {2: 0, 3: 1, 4: 2, 6: 3}
    assert [row[place[column]] for row, (column, _value) in zip(stored, wanted, strict=True)] == [
        value for _column, value in wanted
    ]
    assert "là dấu gạch; ví dụ dòng" in result.stdout
    assert "có giờ, chỉ lấy ngày" in result.stdout


def agencies_under(*below: Sequence[object], above: Sequence[Sequence[object]] = ()) -> str:
    return joined([HEADER, *above, line(code="G1"), *below])


GROUPS = {
    "notes under the table": agencies_under(
        ["Ghi chú: số liệu đến 30/10/2026"], ["Nguồn: Sở Nội vụ"], ["(*) Mới thành lập"]
    ),
    "groups with numbers of Rome": agencies_under(above=[["I", "SỞ, BAN, NGÀNH", *[""] * 5]]),
    "groups in one cell": agencies_under(["CÁC ĐƠN VỊ KHÁC", *[""] * 6], above=[["II. CẤP XÃ", *[""] * 6]]),
    "columns nobody asks for": joined(
        [["STT", *HEADER, "Địa chỉ", "Điện thoại", "Ghi chú"], ["1", *line(code="G1"), "12 Lê Lợi", "0262", "x"]]
    ),
    "other headings": joined(
        [
            ["Mã định danh điện tử", "Tên cơ quan/đơn vị", "Loại hình", "Cấp quản lý", "Khu vực", "Tỉnh/Thành phố"],
            line(code="G1")[:6],
        ]
    ),
}


def test_what_stands_between_and_under_lines_is_passed_over_with_a_word(
    database: SQLAlchemy, world: Import, subtests: pytest.Subtests
) -> None:
    for place, (what, content) in enumerate(GROUPS.items()):
        with subtests.test(what):
            code = numbered("G", place)
            result = world("agencies", content.replace("G1", code))
            assert result.exit_code == 0, result.stderr
            assert "mới 1," in result.stdout
            assert database.session.scalar(select(Agency.level).where(Agency.code == code)) == "commune"
            if what != "other headings":
                assert "Bỏ qua" in result.stdout


COUNTER = ["Mã quầy", "Mã cơ quan", "Tên quầy", "Dịch vụ"]
BOTH = ["KHAI-SINH", "KHAM"]
SERVICES = {
    "Đăng ký khai sinh": BOTH[:1],
    "Đăng ký khai sinh; Khám bệnh": BOTH,
    "Đăng ký khai sinh, Khám bệnh": BOTH,
    "KHAI-SINH, KHAM": BOTH,
    "KHAI-SINH\nKHAM": BOTH,
    "1.001193": BOTH[:1],
    "1.001193.000.00.00.H15": BOTH[:1],
    "1.001193 - Đăng ký khai sinh": BOTH[:1],
    "-": [],
}


def test_a_counter_s_services_are_named_in_any_way(database: SQLAlchemy, world: Import) -> None:
    lines = [[numbered("S", place), "EA-MOI", "Quầy", words] for place, words in enumerate(SERVICES)]

    def fill(sheet: Worksheet) -> None:
        for cells in (COUNTER, *lines):
            sheet.append(cells)

    result = world("counters", book(fill))
    assert result.exit_code == 0, result.stderr
    links = counter_services.c
    stored = [
        sorted(
            database.session.scalars(
                select(Service.code)
                .join(counter_services, links.service_id == Service.id)
                .join(Counter, Counter.id == links.counter_id)
                .where(Counter.code == code)
            )
        )
        for code, *_rest in lines
    ]
    assert stored == list(SERVICES.values())
    refused = world("counters", joined([COUNTER, ["S99", "EA-MOI", "Quầy", "KHAI-SINH - Khám bệnh"]]))
    assert refused.exit_code == 2


def caseload(**cells: object) -> list[object]:
    usual = {"agency": "EA-MOI", "service": "KHAI-SINH", "month": "9/2026", "unit": "hồ sơ", "count": "12", "late": "1"}
    return list((usual | cells).values())


WITH_NAMES = ["Mã cơ quan", "Tên cơ quan", "Mã TTHC", "Tên TTHC", "Lĩnh vực", "Tháng", "Đơn vị tính", "Số hồ sơ"]
NAMED = ["EA-MOI", "Xã Ea Mới", "1.001193", "Đăng ký khai sinh", "Hộ tịch", "9/2026", "hồ sơ", "12"]
MATRIX = [["Đơn vị: Xã Ea Mới"], ["Năm 2026"]]
CASELOADS: dict[str, Lines] = {
    "names beside codes": [WITH_NAMES, NAMED],
    "any names beside codes": [["Đơn vị", "Thủ tục", *CASELOAD], ["Xã Ea Mới", "Đăng ký khai sinh", *caseload()]],
    "the agency by name and title": [CASELOAD, caseload(agency="UBND xã Ea Mới")],
    "a national code of a province": [CASELOAD, caseload(service="1.001193.000.00.00.H15")],
    "a spreadsheet's sign of text": [CASELOAD, caseload(count="'12", late="’1")],
    "code and name in one cell": [CASELOAD, caseload(service="1.001193 - Đăng ký khai sinh")],
    "year and month apart": [
        ["Mã cơ quan", "Mã dịch vụ", "Năm", "Tháng", "Đơn vị tính", "Số hồ sơ"],
        ["EA-MOI", "KHAI-SINH", "2026", "9", "Bộ", "12"],
    ],
    "from the first to the last day": [CASELOAD, caseload(month="từ ngày 01/09/2026 đến 30/09/2026")],
    "the month in the title by its days": [
        ["Đơn vị: Xã Ea Mới"],
        ["Từ ngày 01/09/2026 đến ngày 30/09/2026"],
        ["STT", "Mã TTHC", "Tên TTHC", "Đã giải quyết", "Quá hạn"],
        ["1", "1.001193", "Đăng ký khai sinh", "12", "1"],
    ],
    "a matrix of names with dashes": [*MATRIX, ["Tên thủ tục", "T8", "T9"], ["Đăng ký khai sinh", "-", "12"]],
    "a matrix under its year": [
        MATRIX[0],
        ["STT", "Mã dịch vụ", "Năm 2026", "", ""],
        ["", "", "Tháng 7", "Tháng 8", "Tháng 9"],
        ["1", "KHAI-SINH", "", "", "12"],
    ],
    "months by number": [*MATRIX, ["Mã dịch vụ", *map(str, range(1, 13))], ["KHAI-SINH", *[""] * 8, "12", *[""] * 3]],
    "numbers under their months": [
        *MATRIX,
        ["Mã dịch vụ", "Tháng", *[""] * 8],
        ["", *map(str, range(1, 10))],
        ["KHAI-SINH", *[""] * 8, "12"],
    ],
}


def test_a_caseload_is_the_same_in_every_layout(database: SQLAlchemy, world: Import, subtests: pytest.Subtests) -> None:
    for what, lines in CASELOADS.items():
        with subtests.test(what):
            result = world("caseloads", joined(lines))
            assert result.exit_code == 0, result.stderr
            stored = select(Caseload.count, Caseload.unit, Agency.code, Service.code).where(Caseload.month == "2026-09")
            query = stored.join(Agency, Agency.id == Caseload.agency_id).join(
                Service, Service.id == Caseload.service_id
            )
            assert [tuple(row) for row in database.session.execute(query)] == [(12, "dossier", "EA-MOI", "KHAI-SINH")]
            number = result.stdout.rpartition("--undo ")[2].split()[0]
            assert world("caseloads", "", "--undo", number).exit_code == 0


def percent(value: float, column: int, header: Sequence[str], cells: Sequence[object]) -> bytes:
    def fill(sheet: Worksheet) -> None:
        sheet.append(list(header))
        sheet.append(list(cells))
        sheet.cell(2, column, value).number_format = "0.00%"

    return book(fill)


REFUSED = (
    ("agencies", joined([HEADER, line(code="12.0")]), "Mã có đuôi “.0”"),
    ("services", "code,name,sector\n1.00065,Cấp phép,health\n", "số 0 ở cuối đã mất"),
    ("services", "code,name,sector,national_code\nCP,Cấp phép,health,2.0009\n", "số 0 ở cuối đã mất"),
    ("agencies", joined([HEADER, line(code="N1.")]), "Không phải mã hợp lệ"),
    ("agencies", book(lambda sheet: None), "Tệp không có nội dung"),
    (
        "agencies",
        joined([HEADER, [*line(code="X")[:3], "Thành phố", *line()[4:]]]),
        "province (Tỉnh), district (Huyện)",
    ),
    ("caseloads", percent(1, 5, CASELOAD, caseload()), "giá trị “100%”: Không phải số nguyên"),
    ("caseloads", joined([CASELOAD, caseload(month="từ 15/09/2026 đến 14/10/2026")]), "Không phải tháng"),
    ("caseloads", joined([WITH_NAMES, ["EA-HAI", *NAMED[1:]]]), "“Xã Ea Mới” có mã EA-MOI"),
    ("caseloads", joined([WITH_NAMES, [*NAMED[:2], "KHAM", *NAMED[3:]]]), "“Đăng ký khai sinh” có mã KHAI-SINH"),
    ("caseloads", joined([CASELOAD, caseload(late="-")]), "Không phải số nguyên"),
    ("caseloads", joined([CASELOAD, caseload(month="12/2098")]), "Tháng này chưa bắt đầu"),
)


def test_what_was_stored_wrong_in_silence_is_refused(world: Import, subtests: pytest.Subtests) -> None:
    for kind, content, message in REFUSED:
        with subtests.test(message):
            result = world(kind, content)
            assert result.exit_code == 2
            assert message in result.stderr
