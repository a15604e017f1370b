"""Months with columns for what was received, handled, overdue: what was handled counts, what is unclear is asked."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl
import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.registry.models import Caseload
from tests.registry_files.files import Import, workbook

pytestmark = pytest.mark.one_database


def under_months(*under: str, numbers: Sequence[object], months: Sequence[str] = ("Tháng 8", "Tháng 9")) -> bytes:
    """A table of a commune whose months have columns of their own, each month merged over its own."""
    book = openpyxl.Workbook()
    wide = len(under)
    for cells in (
        ["XÃ EA MỚI"],
        ["Năm 2026"],
        ["STT", "Thủ tục", *(name for month in months for name in (month, *[None] * (wide - 1)))],
        [None, None, *under * len(months)],
        [1, "Đăng ký khai sinh", *numbers],
    ):
        book.active.append(cells)
    for first in range(3, 3 + wide * len(months), wide):
        book.active.merge_cells(start_row=3, end_row=3, start_column=first, end_column=first + wide - 1)
    for column in (1, 2):
        book.active.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def counted(database: SQLAlchemy) -> list[tuple[str, int, int | None]]:
    query = select(Caseload.month, Caseload.count, Caseload.overdue).where(Caseload.month < "2026-10")
    return sorted(tuple(row) for row in database.session.execute(query))


@pytest.mark.parametrize(
    ("under", "numbers", "stored"),
    [
        (("Tiếp nhận", "Giải quyết"), (12, 10, 20, 18), [(10, None), (18, None)]),
        (("Tiếp nhận", "Đã giải quyết", "Quá hạn"), (12, 10, 1, 20, 18, "-"), [(10, 1), (18, None)]),
        (
            ("Tiếp nhận", "Giải quyết", "Trước hạn", "Đúng hạn", "Quá hạn"),
            (12, 10, 4, 5, 1, 20, 18, 8, 8, 2),
            [(10, 1), (18, 2)],
        ),
        (("Trước hạn", "Đúng hạn", "Quá hạn"), (4, "1.005", 1, 8, 8, 2), [(1010, 1), (18, 2)]),
        (("Tiếp nhận", "Giải quyết đúng hạn", "Giải quyết quá hạn"), (12, 9, 1, 20, 16, "-"), [(10, 1), (16, None)]),
        (("Tồn đầu kỳ", "Mới tiếp nhận", "Đã giải quyết", "Đang giải quyết"), (2, 9, 10, 1, 1, 19, 18, 2), None),
        (("Đã giải quyết", "Đang giải quyết", "Quá hạn"), (10, 4, 3, 18, 2, 1), [(10, None), (18, None)]),
        (("Số hồ sơ", "Đúng hạn (%)"), (10, 90, 18, 95), [(10, None), (18, None)]),
    ],
)
def test_of_columns_under_months_what_was_handled_counts(
    database: SQLAlchemy,
    world: Import,
    under: tuple[str, ...],
    numbers: tuple[object, ...],
    stored: list[tuple[int, int | None]] | None,
) -> None:
    result = world("caseloads", under_months(*under, numbers=numbers))
    assert result.exit_code == 0, result.stderr
    assert "Dưới mỗi tháng, số đã giải quyết là" in result.stdout
    told = counted(database)
    assert [month for month, _count, _overdue in told] == ["2026-08", "2026-09"]
    assert [(count, overdue) for _month, count, overdue in told] == (stored or [(10, None), (18, None)])


@pytest.mark.parametrize(
    "under",
    [
        ("Tiếp nhận", "Trả lại"),
        ("Giải quyết", "Đã giải quyết"),
        ("Tiếp nhận", "Tổng số"),
        ("Tiếp nhận", "Đã giải quyết (đúng hạn)"),
        ("Đang giải quyết", "Giải quyết (%)"),
        ("Trước hạn", "Quá hạn"),
    ],
)
def test_columns_under_months_of_which_none_or_several_were_handled_are_asked_about(
    database: SQLAlchemy, world: Import, under: tuple[str, str]
) -> None:
    result = world("caseloads", under_months(*under, numbers=(12, 10, 20, 18)))
    assert result.exit_code == 2
    assert f"Không rõ cột nào dưới tháng này là số đã giải quyết: “{under[0]}”, “{under[1]}”" in result.stderr
    assert counted(database) == []


def test_columns_under_months_that_count_by_thousands_are_refused(world: Import) -> None:
    book = under_months("Tiếp nhận", "Giải quyết (nghìn hồ sơ)", numbers=(12, 10, 20, 18))
    assert "không đếm từng hồ sơ" in world("caseloads", book).stderr


def test_a_part_of_a_sum_under_a_month_that_is_no_number_is_refused_by_name(world: Import) -> None:
    book = under_months("Đúng hạn", "Quá hạn", numbers=(12, "một", 20, 18))
    assert "giá trị “một”" in world("caseloads", book).stderr


@pytest.mark.parametrize("months", [("Tháng 9",), ("Tháng 8/2026", "Tháng 9/2026")])
def test_one_month_with_its_columns_or_months_with_their_year_are_read_alike(
    database: SQLAlchemy, world: Import, months: tuple[str, ...]
) -> None:
    book = under_months("Tiếp nhận", "Giải quyết", numbers=(12, 10) * len(months), months=months)
    assert world("caseloads", book).exit_code == 0
    assert [count for _month, count, _overdue in counted(database)] == [10] * len(months)


@pytest.mark.parametrize("once", [True, False])
def test_columns_under_a_months_column_of_what_was_handled_and_beside_its_totals(
    database: SQLAlchemy, world: Import, *, once: bool
) -> None:
    """Three lines of headings as in Decree 61/2018, months merged or written over each column."""
    wide = [None] * 3 if once else ["Tháng 9"] * 3
    rows = [
        ["XÃ EA MỚI"],
        ["Năm 2026"],
        ["STT", "Thủ tục", "Tháng 9", *wide, "Cả năm", None],
        [None, None, "Tiếp nhận", "Đã giải quyết", None, None, "Tiếp nhận", "Giải quyết"],
        [None, None, None, "Tổng số", "Đúng hạn", "Quá hạn", None, None],
        [1, "Đăng ký khai sinh", 12, 10, 9, 1, 99, 88],
    ]
    result = world("caseloads", workbook(rows))
    assert result.exit_code == 0, result.stderr
    assert counted(database) == [("2026-09", 10, 1)]
