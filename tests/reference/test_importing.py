"""Official figures of other years come in whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy

from analysis.reference.service import fetch_reference_figures

CsvFile = Callable[..., Path]
COMMAND = ["analysis", "import-reference"]


def own(province: str, year: int) -> tuple[Decimal | None, int | None] | None:
    figures = fetch_reference_figures(province)
    official = {figures_of_year.year: figures_of_year.own for figures_of_year in (*figures.before, *figures.since)}.get(
        year
    )
    return official and (official.share, official.rank)


def test_figures_of_other_years_can_be_imported(
    runner: FlaskCliRunner, database: SQLAlchemy, csv_file: CsvFile
) -> None:
    file = csv_file('son-la,2023,sipas,"83,05",20,Bộ Nội vụ', "son-la,2024,sipas,84.1,,Bộ Nội vụ")
    answer = runner.invoke(args=[*COMMAND, str(file), "--format", "json"])
    assert answer.exit_code == 0, answer.output
    counts = json.loads(answer.output)
    assert (counts["new"], counts["changed"]) == (2, 0)
    assert own("son-la", 2023) == (Decimal("0.8305"), 20)
    assert own("son-la", 2024) == (Decimal("0.841"), None)


def test_a_workbook_s_per_cent_and_words_for_columns_and_provinces_are_read(
    runner: FlaskCliRunner, database: SQLAlchemy, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for cells in (
        ["Tỉnh", "Năm", "Chỉ số", "Kết quả", "Xếp hạng", "Nguồn"],
        ["Sơn La", 2023, "sipas", 0.8305, 20, "Bộ Nội vụ"],
    ):
        book.active.append(cells)
    book.active["D2"].number_format = "0.00%"
    file = tmp_path / "sipas.xlsx"
    book.save(file)
    answer = runner.invoke(args=[*COMMAND, str(file)])
    assert answer.exit_code == 0, answer.output
    assert own("son-la", 2023) == (Decimal("0.8305"), 20)


def test_the_same_file_again_changes_nothing(runner: FlaskCliRunner, database: SQLAlchemy, csv_file: CsvFile) -> None:
    file = csv_file("son-la,2023,sipas,83.05,20,Bộ Nội vụ", header="province,year,indicator,value,rank,source")
    runner.invoke(args=[*COMMAND, str(file)])
    again = json.loads(runner.invoke(args=[*COMMAND, str(file), "--format", "json"]).output)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 1)


def test_a_shipped_figure_can_be_corrected(runner: FlaskCliRunner, database: SQLAlchemy, csv_file: CsvFile) -> None:
    runner.invoke(args=[*COMMAND, str(csv_file("dak-lak,2020,sipas,77.43,62,Báo cáo của Bộ Nội vụ"))])
    assert own("dak-lak", 2020) == (Decimal("0.7743"), 62)


def test_a_dry_run_changes_nothing(runner: FlaskCliRunner, database: SQLAlchemy, csv_file: CsvFile) -> None:
    answer = runner.invoke(args=[*COMMAND, str(csv_file("son-la,2023,sipas,83.05,20,Bộ Nội vụ")), "--dry-run"])
    assert answer.exit_code == 0
    assert own("son-la", 2023) is None


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("son-la,2023,sipas,183,20,Bộ Nội vụ", "0-100"),
        ("son-la,2023,sipas,khá,20,Bộ Nội vụ", "phần trăm"),
        ('son-la,2023,sipas,"0,8305",20,Bộ Nội vụ', "viết 82,18, không viết 0,8218"),
        ("son-la,2023,sipas,83,0,Bộ Nội vụ", "từ 1"),
        ("son-la,23,sipas,83,1,Bộ Nội vụ", "năm"),
        ("son-la,2023,papi,83,1,Bộ Nội vụ", "danh mục"),
        ("son-la,2023,sipas,83,1,", "trống"),
        ("son-la,2023,sipas,,,Bộ Nội vụ", "Điền ít nhất một"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_stored(
    runner: FlaskCliRunner, database: SQLAlchemy, csv_file: CsvFile, line: str, complaint: str
) -> None:
    answer = runner.invoke(args=[*COMMAND, str(csv_file("son-la,2024,sipas,84,9,Bộ Nội vụ", line))])
    assert answer.exit_code == 2
    assert complaint in answer.output
    assert "dòng 3" in answer.output
    assert own("son-la", 2024) is None
