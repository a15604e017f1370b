"""Where pages end: no page holds a few lines alone, whatever the length of what stands before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.reports.document import (
    Annex,
    Block,
    Bullets,
    Column,
    DocumentTable,
    Paragraph,
    Report,
    Section,
    Subheading,
)
from analysis.reports.rendering import pdf
from tests.reports.pages import lines_on, squashed, tags_of, text_of
from tests.reports.samples import ENCLOSED, sample_report, sample_table

LINE = "Dòng này dài vừa một dòng của trang giấy, không hơn, để đếm."
LONGEST = 40  # lines before, more than a page's worth in all
FEWEST = 6
BOX = DocumentTable(
    "Nguồn gốc số liệu", (Column("Phần"), Column("Phiên bản", 3)), (("Chương trình", "1"), ("Phương pháp", "2"))
)


def document(sections: tuple[Section, ...], annexes: tuple[Annex, ...] = ()) -> Report:
    report = sample_report()
    return replace(report, document=replace(report.document, sections=sections, annexes=annexes))


def annex(*blocks: Block, landscape: bool = False) -> Annex:
    return Annex("Phụ lục", "Kết quả từng đơn vị", blocks, landscape, ENCLOSED)


def body(lines: int) -> tuple[Section, ...]:
    return (Section("I", "KẾT QUẢ", (Paragraph(LINE),) * max(lines, 1)),)


def last_pages(report: Report) -> list[str]:
    return text_of(pdf.render(report))


@pytest.mark.parametrize("lines", range(0, LONGEST, 2))
def test_the_signature_stands_on_one_page_with_the_last_section(lines: int) -> None:
    last = Section("II", "ĐỀ XUẤT", (Paragraph(f"Một. {LINE}"), Paragraph(f"Hai. {LINE}"), Paragraph(f"Ba. {LINE}")))
    page = squashed(last_pages(document((*body(lines), last)))[-1])
    for words in ("II. ĐỀ XUẤT", "Một.", "Trên đây là", "Nơi nhận:"):
        assert squashed(words) in page


def test_of_a_last_section_longer_than_half_a_page_the_end_stays_with_the_signature() -> None:
    long = Section("II", "ĐỀ XUẤT", tuple(Paragraph(f"Ý {n}. {LINE * 4}") for n in range(1, 15)))
    pages = last_pages(document((*body(10), long)))
    assert len(pages) == 2
    assert all(squashed(words) in squashed(pages[-1]) for words in ("Ý 13.", "Ý 14.", "Nơi nhận:"))
    assert "Ý 1." in pages[0]


@pytest.mark.parametrize("landscape", [False, True])
@pytest.mark.parametrize("rows", range(9, 50, 3))
def test_no_page_holds_one_row_of_a_long_table(rows: int, *, landscape: bool) -> None:
    short = ("Trạm Y tế xã Ea Tul", "40", "80,0 %", "70,0-90,0 %", "Đạt")
    table = replace(sample_table(), rows=tuple((f"{short[0]} số {row}", *short[1:]) for row in range(rows)))
    pages = last_pages(document(body(1), (annex(table, landscape=landscape),)))[1:]
    assert min(map(lines_on, pages)) >= FEWEST
    assert [sum(f"số {row}\n" in page or f"số {row} " in page for page in pages) for row in range(rows)] == [1] * rows


@pytest.mark.parametrize("lines", range(0, LONGEST, 2))
def test_the_box_of_sources_never_stands_alone(lines: int) -> None:
    items = tuple(f"Mục {n}. {LINE}" for n in range(1, 13))
    blocks = (*(Paragraph(LINE) for _ in range(lines)), Subheading("1. Phương pháp"), Bullets(items))
    pages = last_pages(document(body(1), (annex(*blocks, Subheading("2. Nguồn gốc số liệu"), BOX),)))[1:]
    assert min(map(lines_on, pages)) >= FEWEST
    assert "Mục 12." in pages[-1]


@pytest.mark.parametrize("lines", range(0, LONGEST, 2))
def test_an_annex_ends_with_no_page_of_a_few_lines(lines: int) -> None:
    blocks = (*(Paragraph(LINE) for _ in range(lines)), Bullets((LINE,) * 5), Paragraph(LINE))
    pages = last_pages(document(body(1), (annex(*blocks),)))[1:]
    assert min(map(lines_on, pages)) >= FEWEST


def test_a_long_table_is_one_table_to_a_screen_reader() -> None:
    """Its last rows stay together as the foot of the table: rows of cells, like the others."""
    roles = [role for role, _ in tags_of(pdf.render(document(body(1), (annex(sample_table(30)),))))]
    assert roles.count("/Table") == 1
    assert roles.count("/TR") == 31
    assert roles.count("/TD") == 30 * 5
