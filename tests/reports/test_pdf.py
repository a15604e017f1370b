"""The PDF says what the model says, in one embedded font family, tagged, within the margins, the same every time."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from analysis.reports.document import Block, Bullets, Document, Paragraph, Report, Section
from analysis.reports.rendering import pdf
from survey.foundation.typesetting.compiling import compiler
from tests.reports.pages import fonts_of, ink_outside, pictures_of, squashed, strings_of, tags_of, text_of, words_of
from tests.reports.samples import LONG_NAME, months_chart, sample_report, sample_table


@pytest.fixture(scope="module")
def rendered() -> bytes:
    return pdf.render(sample_report())


def missing_words(report: Report, page_words: str) -> list[str]:
    """Strings of the model that the pages do not show; what is set in capitals counts as shown."""
    lower = page_words.lower()
    return [text for text in strings_of(report.document) if squashed(text).lower() not in lower]


def test_every_string_of_the_model_can_be_read_from_the_pages(rendered: bytes) -> None:
    chart_names = {"Bộ phận Tiếp nhận và Trả kết quả thuộc"}  # names too long for a chart are cut there, not in tables
    missing = [text for text in missing_words(sample_report(), words_of(rendered)) if text != LONG_NAME]
    assert missing == []
    assert all(squashed(name) in words_of(rendered) for name in chart_names)


def test_the_form_of_decree_30_stands_on_the_first_page(rendered: bytes) -> None:
    first = squashed(PdfReader(io.BytesIO(rendered)).pages[0].extract_text())
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK SỞ Y TẾ",
        "DỰ THẢO",
        "Kính gửi:",
        "BÁO CÁO",
    ):
        assert squashed(words) in first


def test_page_numbers_begin_on_the_second_page_and_annexes_count_from_one() -> None:
    document = PdfReader(io.BytesIO(pdf.render(sample_report(rows=60))))
    tops = [page.extract_text(visitor_text=None).strip().splitlines()[0].strip() for page in document.pages]
    assert tops[0] != "1"
    assert tops[1] == "2"
    annex = next(number for number, page in enumerate(document.pages) if "Phụ lục I" in page.extract_text())
    assert tops[annex + 1] == "2"


def test_a_last_paragraph_of_many_pages_runs_on_and_is_never_cut_off() -> None:
    """What an office writes may be 6,000 letters without a line break: it is above the signature, not off the page."""
    written = "Đề nghị bổ sung nhân lực tại quầy. " * 170
    report = sample_report()
    proposals = Section("III", "ĐỀ XUẤT", (Paragraph(written.strip()),))
    document = replace(report.document, sections=(*report.document.sections, proposals), annexes=())
    content = pdf.render(replace(report, document=document))
    assert words_of(content).count(squashed("tại quầy.")) == 170
    assert squashed("Trên đây là") in squashed(text_of(content)[-1])


def test_the_marks_of_a_draft_stand_at_the_foot_of_every_page() -> None:
    for page in PdfReader(io.BytesIO(pdf.render(sample_report(rows=60)))).pages:
        assert squashed("DỰ THẢO · Số liệu tạm thời · Dữ liệu minh họa") in squashed(page.extract_text())


def test_all_fonts_are_embedded_and_of_one_family(rendered: bytes) -> None:
    fonts = fonts_of(rendered)
    assert fonts
    assert all(fonts.values())
    assert {name.split("+")[1].split("-")[0] for name in fonts} == {"Tinos"}


def test_the_document_is_tagged_with_headings_header_cells_and_an_alternative_text_for_each_chart(
    rendered: bytes,
) -> None:
    tags = tags_of(rendered)
    roles = [role for role, _ in tags]
    assert roles.count("/H1") == 4
    assert {"/Table", "/TH", "/TD", "/H2", "/L", "/BlockQuote"} <= set(roles)
    assert [alt for role, alt in tags if role == "/Figure"] == ["Biểu đồ tỷ lệ theo đơn vị.", "Biểu đồ theo tháng."]


def test_it_claims_pdf_ua_1_and_pdf_a_3a_with_title_and_language(rendered: bytes) -> None:
    reader = PdfReader(io.BytesIO(rendered))
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert reader.trailer["/Root"]["/Lang"] in ("vi", "vi-VN")
    assert reader.metadata is not None
    assert str(reader.metadata.title).startswith("BÁO CÁO Kết quả đo lường")


def test_the_figures_are_attached(rendered: bytes) -> None:
    attached = PdfReader(io.BytesIO(rendered)).attachments["figures.json"][0]
    assert json.loads(attached) == sample_report().figures


def test_the_same_report_gives_the_same_bytes_also_from_a_new_compiler(rendered: bytes) -> None:
    pdf.render(sample_report(rows=3))
    compiler.cache_clear()
    assert pdf.render(sample_report()) == rendered


def test_the_date_of_the_document_is_the_cut_off(rendered: bytes) -> None:
    metadata = PdfReader(io.BytesIO(rendered)).metadata
    assert metadata is not None
    assert metadata.creation_date is not None
    assert metadata.creation_date.date().isoformat() == "2026-10-20"


@pytest.mark.parametrize("rows", [0, 1, 300])
def test_tables_of_any_length_stay_within_the_margins(rows: int) -> None:
    report = sample_report(rows=rows, agency=LONG_NAME)
    made = pdf.render(report)
    assert all(ink_outside(picture, left=29, right=19) == 0 for picture in pictures_of(made))
    shown = words_of(made)
    for row in report.document.annexes[0].blocks[0].rows:
        assert squashed(row[0]) in shown


def test_the_heading_of_a_table_is_repeated_on_every_page() -> None:
    pages = PdfReader(io.BytesIO(pdf.render(sample_report(rows=120)))).pages
    with_rows = [page.extract_text() for page in pages if "Trạm Y tế xã Ea Tul số" in page.extract_text()]
    assert len(with_rows) > 3
    assert all("Khoảng bất định" in text for text in with_rows)


def test_what_people_wrote_is_never_code() -> None:
    report = sample_report()
    document: Document = dataclasses.replace(report.document, closing='#panic("x") *đậm* $x^2$ <thẻ> @ai "trích"./.')
    made = pdf.render(dataclasses.replace(report, document=document))
    assert squashed('#panic("x") *đậm* $x^2$ <thẻ> @ai "trích"./.') in words_of(made)


def test_no_chart_floats_behind_the_signature(rendered: bytes) -> None:
    body = [page.extract_text() for page in PdfReader(io.BytesIO(rendered)).pages]
    signed = next(number for number, text in enumerate(body) if "GIÁM ĐỐC" in text)
    drawn = [number for number, text in enumerate(body) if "Hình " in text]
    assert max(drawn) <= signed


def test_the_signature_stays_with_the_closing_words() -> None:
    for count in range(1, 12):
        report = sample_report()
        filler = tuple(report.document.sections[0].blocks[:1]) * (3 * count)
        first = dataclasses.replace(report.document.sections[0], blocks=filler)
        document = dataclasses.replace(report.document, sections=(first,), annexes=())
        pages = PdfReader(io.BytesIO(pdf.render(dataclasses.replace(report, document=document)))).pages
        signed = [squashed(page.extract_text()) for page in pages if "GIÁM ĐỐC" in page.extract_text()]
        assert [squashed("Trên đây là báo cáo") in text for text in signed] == [True]


def with_blocks(*blocks: Block) -> Report:
    """The sample with one section of these blocks and no annex."""
    report = sample_report()
    document = replace(report.document, sections=(Section("I", "KẾT QUẢ", blocks),), annexes=())
    return replace(report, document=document)


@pytest.mark.parametrize("rows", [11, 17, 23])
def test_no_chart_comes_between_the_parts_of_a_table(rows: int) -> None:
    first, second = sample_table(rows, "Bảng 1. Trước"), sample_table(rows, "Bảng 2. Sau")
    chart = replace(months_chart(), caption="Hình 1. Ở giữa.")
    seen = "".join(text_of(pdf.render(with_blocks(first, chart, second)), "-layout"))
    numbered = [int(match) for match in re.findall(r"số (\d+)\s", seen[: seen.index("Hình 1.")])]
    assert max(numbered) == rows
    assert seen.index("Bảng 1.") < seen.index("Hình 1.") < seen.index("Bảng 2.")
    assert seen[seen.index("Hình 1.") :].count("Ghi chú:") == 1


@pytest.mark.parametrize("lines", range(1, 9, 2))
def test_the_note_of_a_short_table_never_stands_on_another_page(lines: int) -> None:
    tables = [sample_table(3, f"Bảng {count}. Ngắn") for count in range(1, 12)]
    pages = text_of(pdf.render(with_blocks(Bullets(("Một dòng.",) * lines), *tables)))
    assert len(pages) > 2
    assert all(page.count("Ngắn") == page.count("Ghi chú:") for page in pages)
