"""The workbooks to fill in: an import takes them as they are filled in, and passes their example over."""

from __future__ import annotations

import io

import openpyxl
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.registry.files.service import RECORD_KINDS
from survey.registry.files.words import header_words, plain_words, usual_heading, usual_value, value_of
from survey.registry.models import Agency
from tests.registry_files.files import Import
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

OFFERED = ("agencies", "services", "counters", "caseloads", "targets")


@pytest.mark.parametrize("kind", OFFERED)
def test_each_template_has_lists_text_cells_and_a_guide(app: Flask, world: Import, kind: str) -> None:
    answer = signed_in(app, "quan-tri", "administrator").get(f"/desk/imports/template/{kind}.xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    data, guide = book.worksheets
    columns = RECORD_KINDS[kind].columns
    assert [cell.value for cell in data[1]] == [usual_heading(kind, column.name) for column in columns]
    assert str(data["A2"].value).startswith("Ví dụ: ")
    assert data["A3"].number_format == "@" or data.column_dimensions["A"].width
    assert [row[1].value for row in guide.iter_rows(min_row=2, max_row=len(columns) + 1)] == [c.name for c in columns]
    if kind != "counters":
        assert data.data_validations.dataValidation


def test_a_filled_in_template_is_taken(app: Flask, world: Import, database: SQLAlchemy) -> None:
    answer = signed_in(app, "quan-tri", "administrator").get("/desk/imports/template/agencies.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    for place, value in enumerate(("00123", "Trạm y tế", "Sự nghiệp", "Xã", "Nông thôn", "UBND", "dak-lak"), start=1):
        sheet.cell(3, place, value)
    buffer = io.BytesIO()
    book.save(buffer)
    result = world("agencies", buffer.getvalue(), name="co-quan.xlsx")
    assert result.exit_code == 0, result.stderr
    assert "Bỏ qua dòng 2 (dòng ví dụ)" in result.stdout
    assert database.session.scalars(select(Agency.kind).where(Agency.code == "00123")).one() == "public_service_unit"


def test_every_usual_word_means_what_it_stands_for() -> None:
    for kind, record_kind in RECORD_KINDS.items():
        for column in record_kind.columns:
            word = plain_words(usual_heading(kind, column.name))
            assert header_words(kind).get(word, column.name) == column.name, (kind, column.name)
    assert value_of(usual_value("administrative"), ("administrative", "public_service_unit")) == "administrative"
