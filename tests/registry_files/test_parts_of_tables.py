"""A table in parts, each headed by its agency, month or year: never taken whole for the first of them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.registry.models import Agency, Caseload, Service
from tests.registry_files.files import Import, everything, workbook

pytestmark = pytest.mark.one_database

Lines = list[Sequence[object]]
OF_AGENCY = ["Đơn vị: Xã Ea Mới"]
LIST = ["STT", "Mã TTHC", "Tháng", "Số hồ sơ"]
MATRIX = ["Mã TTHC", "T1", "T2"]
WITHOUT_MONTH = ["Mã cơ quan", "Mã TTHC", "Số hồ sơ"]
WITHOUT_YEAR = ["Mã cơ quan", "Mã TTHC", "Tháng", "Số hồ sơ"]
BIRTH, VISIT = ["EA-MOI", "KHAI-SINH"], ["BV", "KHAM"]

PARTS: dict[str, tuple[Lines, str]] = {
    "agencies under their names": (
        [OF_AGENCY, LIST, [1, "KHAI-SINH", "9/2026", 5], ["II", "Bệnh viện đa khoa"], [1, "KHAM", "9/2026", 7]],
        "dòng 4, cột agency, giá trị “Bệnh viện đa khoa”: Dòng này mở phần của BV, nhưng cả tệp được ghi cho EA-MOI",
    ),
    "agencies with their headers": (
        [OF_AGENCY, MATRIX, ["KHAI-SINH", 1, 2], ["Đơn vị: Bệnh viện đa khoa"], MATRIX, ["KHAM", 3, 4]],
        "dòng 4, cột agency",
    ),
    "an agency nobody knows": (
        [OF_AGENCY, LIST, [1, "KHAI-SINH", "9/2026", 5], ["Đơn vị: Trạm lạ"], [1, "KHAM", "9/2026", 7]],
        "mở phần của Trạm lạ",
    ),
    "months": (
        [["Tháng 9/2026"], WITHOUT_MONTH, [*BIRTH, 5], ["Tháng 10/2026"], [*VISIT, 7]],
        "mở phần của 2026-10, nhưng cả tệp được ghi cho 2026-09",
    ),
    "months without their year": (
        [["Tháng 8/2026"], WITHOUT_MONTH, [*BIRTH, 5], ["Tháng 9"], WITHOUT_MONTH, [*VISIT, 7]],
        "mở phần của 2026-09, nhưng cả tệp được ghi cho 2026-08",
    ),
    "years": (
        [["Năm 2025"], WITHOUT_YEAR, [*BIRTH, "T11", 5], ["Năm 2026"], [*VISIT, "T1", 7]],
        "mở phần của 2026, nhưng cả tệp được ghi cho 2025",
    ),
    "years over months": (
        [OF_AGENCY, ["Năm 2025"], MATRIX, ["KHAI-SINH", 1, 2], ["Năm 2026"], MATRIX, ["KHAM", 3, 4]],
        "mở phần của 2026, nhưng cả tệp được ghi cho 2025",
    ),
}


def test_a_table_in_parts_is_refused_with_the_line_that_begins_one(
    database: SQLAlchemy, world: Import, subtests: pytest.Subtests
) -> None:
    before = everything(database)
    for what, (lines, message) in PARTS.items():
        with subtests.test(what):
            result = world("caseloads", workbook(lines), *(("--year", "2026") if "agencies with" in what else ()))
            assert result.exit_code == 2
            assert message in result.stderr
            assert "tách mỗi phần thành một tệp" in result.stderr
    assert everything(database) == before
    asked = world("caseloads", workbook(PARTS["months"][0]), "--month", "9/2026")
    assert "mở phần của 2026-10" in asked.stderr


def stored(database: SQLAlchemy) -> list[tuple[str, str, str, int]]:
    query = (
        select(Agency.code, Service.code, Caseload.month, Caseload.count)
        .join(Agency, Agency.id == Caseload.agency_id)
        .join(Service, Service.id == Caseload.service_id)
        .where(Caseload.month != "2026-10")
    )
    return sorted((agency, service, month, count) for agency, service, month, count in database.session.execute(query))


ONE_WHOLE: dict[str, Lines] = {
    "a part of the same agency": [OF_AGENCY, LIST, ["I", "Xã Ea Mới"], [1, "KHAI-SINH", "9/2026", 5]],
    "a part that is a field": [OF_AGENCY, LIST, ["I", "LĨNH VỰC HỘ TỊCH"], [1, "KHAI-SINH", "9/2026", 5]],
    "the day of the signature": [
        ["Tháng 9/2026"],
        WITHOUT_MONTH,
        [*BIRTH, 5],
        ["", "", "Ea Mới, ngày 05 tháng 10 năm 2026"],
    ],
    "a column says whose each line is": [WITHOUT_YEAR, ["Đơn vị: Xã Ea Mới"], [*BIRTH, "9/2026", 5]],
}


@pytest.mark.parametrize("what", ONE_WHOLE)
def test_other_lines_between_part_nothing(database: SQLAlchemy, world: Import, what: str) -> None:
    result = world("caseloads", workbook(ONE_WHOLE[what]))
    assert result.exit_code == 0, result.stderr
    assert stored(database) == [("EA-MOI", "KHAI-SINH", "2026-09", 5)]


def test_months_under_two_years_have_each_its_own(database: SQLAlchemy, world: Import) -> None:
    header = ["Mã cơ quan", "Mã TTHC", "Năm 2025", None, "Năm 2026", None]
    months = [None, None, "T11", "T12", "T1", "T2"]
    result = world("caseloads", workbook([header, months, [*BIRTH, 1, 2, 3, 4]]))
    assert result.exit_code == 0, result.stderr
    assert stored(database) == [
        ("EA-MOI", "KHAI-SINH", month, count)
        for count, month in enumerate(("2025-11", "2025-12", "2026-01", "2026-02"), 1)
    ]


@pytest.mark.parametrize(
    "group",
    [
        *("Số hồ sơ tiếp nhận", "Đang giải quyết", "TỒN KỲ TRƯỚC", "Kế hoạch năm 2026"),
        *("Cùng kỳ năm trước", "Lũy kế kết quả từ đầu năm"),
    ],
)
def test_counts_under_a_group_of_other_things_are_not_what_was_handled(
    database: SQLAlchemy, world: Import, group: str
) -> None:
    over_counts: Lines = [["Mã cơ quan", "Mã TTHC", "Tháng", group, ""], ["", "", "", "Tổng số", "Quá hạn"]]
    over_months: Lines = [["Năm 2026"], ["Mã cơ quan", "Mã TTHC", group, ""], ["", "", "T8", "T9"]]
    for lines in ([*over_counts, [*BIRTH, "9/2026", 5, 1]], [*over_months, [*BIRTH, 4, 5]]):
        result = world("caseloads", workbook(lines))
        assert result.exit_code == 2
        assert f"cột {group.lower()}: " in result.stderr
    for group_of_handled in ("Kết quả tiếp nhận, giải quyết", "Số hồ sơ đã giải quyết"):
        lines = [["Mã cơ quan", "Mã TTHC", "Tháng", group_of_handled, ""], over_counts[1], [*BIRTH, "9/2026", 5, 1]]
        assert world("caseloads", workbook(lines)).exit_code == 0
        assert stored(database) == [("EA-MOI", "KHAI-SINH", "2026-09", 5)]


def test_two_columns_of_one_month_are_called_so(world: Import) -> None:
    american = [["Mã cơ quan", "Mã TTHC", "9/1/2026", "10/1/2026"], [*BIRTH, 1, 2]]
    result = world("caseloads", workbook(american))
    assert result.exit_code == 2
    assert "Hai cột của dòng này là cùng một tháng." in result.stderr
    assert "ngày viết trước, tháng viết sau" in result.stderr


def test_months_across_may_be_six_digits(database: SQLAlchemy, world: Import) -> None:
    result = world("caseloads", workbook([["Mã cơ quan", "Mã TTHC", 202608, 202609], [*BIRTH, 4, 5]]))
    assert result.exit_code == 0, result.stderr
    assert stored(database) == [("EA-MOI", "KHAI-SINH", "2026-08", 4), ("EA-MOI", "KHAI-SINH", "2026-09", 5)]
