"""The Word file says what the model says, with real styles, repeated table headings and described charts."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from analysis.reports.rendering import word
from tests.reports.pages import squashed, strings_of
from tests.reports.samples import COLUMNS, sample_report


@pytest.fixture(scope="module")
def opened() -> Any:
    return docx.Document(io.BytesIO(word.render(sample_report(rows=40))))


def everything(opened: Any) -> str:
    parts = [opened.element.body] + [s.first_page_footer._element for s in opened.sections]
    return squashed("".join(node.text or "" for part in parts for node in part.iter(qn("w:t")))).lower()


def test_every_string_of_the_model_is_in_the_file(opened: Any) -> None:
    shown = everything(opened)
    document = sample_report(rows=40).document
    assert [text for text in strings_of(document, drawn=False) if squashed(text).lower() not in shown] == []


def test_headings_are_headings(opened: Any) -> None:
    headings = [(p.style.name, p.text) for p in opened.paragraphs if p.style.name.startswith("Heading")]
    assert ("Heading 1", "II. KẾT QUẢ") in headings
    assert ("Heading 2", "1. Kết quả chung") in headings


def test_items_of_a_list_begin_with_a_dash_as_on_paper(opened: Any) -> None:
    levels = opened.part.numbering_part.element.iter(qn("w:lvl"))
    styled = [(level.find(qn("w:pStyle")), level) for level in levels]
    (level,) = [level for style, level in styled if style is not None and style.get(qn("w:val")) == "ListBullet"]
    assert level.find(qn("w:lvlText")).get(qn("w:val")) == "-"
    assert level.find(qn("w:rPr")).find(qn("w:rFonts")).get(qn("w:ascii")) == "Times New Roman"
    assert any(paragraph.style.name == "List Bullet" for paragraph in opened.paragraphs)


def test_the_heading_row_of_a_table_is_repeated_and_rows_do_not_break(opened: Any) -> None:
    table = next(table for table in opened.tables if table.rows[0].cells[0].text == "Đơn vị")
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows[1:])


def test_columns_have_the_widths_of_the_model_and_fill_the_text(opened: Any) -> None:
    table = next(table for table in opened.tables if table.rows[0].cells[0].text == "Đơn vị")
    shares = [column.width for column in COLUMNS]
    for row in (table.rows[0], table.rows[-1]):
        widths = [cell.width.mm for cell in row.cells]
        assert widths == pytest.approx([160 * share / sum(shares) for share in shares], abs=0.1)


def test_a_long_table_may_break_but_its_last_rows_stay_with_the_note(opened: Any) -> None:
    table = next(table for table in opened.tables if table.rows[0].cells[0].text == "Đơn vị")
    kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows]
    assert kept == [True, *[False] * 35, *[True] * 5]


def test_lines_stand_below_the_motto_and_below_the_agency(opened: Any) -> None:
    left, right = (cell.text.split("\n") for cell in opened.tables[0].rows[0].cells)
    assert left[left.index("SỞ Y TẾ") + 1].strip("―") == ""
    assert right[right.index("Độc lập - Tự do - Hạnh phúc") + 1].strip("―") == ""


def test_charts_have_an_alternative_text(opened: Any) -> None:
    assert [shape._inline.docPr.get("descr") for shape in opened.inline_shapes] == [
        "Biểu đồ tỷ lệ theo đơn vị.",
        "Biểu đồ theo tháng.",
    ]


def test_the_page_is_a4_with_the_margins_of_decree_30_and_no_number_on_the_first_page(opened: Any) -> None:
    section = opened.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.left_margin.mm), round(section.right_margin.mm)) == (30, 20)
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml


def test_wide_annexes_lie_across(opened: Any) -> None:
    assert [section.page_width > section.page_height for section in opened.sections] == [False, False, True]


def test_it_is_vietnamese_and_titled(opened: Any) -> None:
    assert opened.core_properties.title.startswith("BÁO CÁO Kết quả đo lường")
    assert opened.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "vi-VN"
    assert opened.styles["Normal"].font.name == "Times New Roman"
