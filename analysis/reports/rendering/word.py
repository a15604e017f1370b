"""The report as an editable Word file (offices edit before they sign): the same model, the same form, real styles."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from analysis.presentation.charts import drawing
from analysis.presentation.charts.model import Chart
from analysis.reports.document import (
    Annex,
    Block,
    Bullets,
    Document,
    DocumentTable,
    Letterhead,
    Paragraph,
    Report,
    Subheading,
)
from analysis.reports.rendering import word_tables, word_xml

FONT = "Times New Roman"
CENTER, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
RULE = ("―――――――", 8, False)  # the line below the agency and below the motto
MOST_KEPT = 1800  # letters: about half a page
MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 20}  # mm


def render(report: Report) -> bytes:
    """The bytes of the .docx."""
    word = docx.Document()
    document = report.document
    word_xml.remember_styles(word)
    _styles(word)
    _properties(word, report)
    _page(word, document)
    _head(word, document)
    for part in document.sections:
        word.add_heading(f"{part.number}. {part.title}", level=1)
        _lay(word, part.blocks)
    _stay(_last_text(word, document))
    _stay([_text(word, document.closing)])
    _sign(word, document)
    for annex in document.annexes:
        _annex(word, annex)
    word_xml.join_signs(word)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _styles(word: WordDocument) -> None:
    for name, size, bold in (("Normal", 13, False), ("Heading 1", 13, True), ("Heading 2", 13, True)):
        word_xml.style(word.styles[name], FONT, size, bold=bold)
    word_xml.style(word.styles["Heading 3"], FONT, 13, bold=True, italic=True)
    for name in ("Title", "List Bullet", "Caption", "Header", "Footer", "Quote"):
        word_xml.style(word.styles[name], FONT, 13 if name in ("List Bullet", "Quote", "Header") else 11)
    word_xml.dash_bullets(word, FONT)
    normal = word.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(6), 1.05
    for level in (1, 2, 3):
        form = word.styles[f"Heading {level}"].paragraph_format
        form.space_before, form.space_after, form.keep_with_next = Pt(8), Pt(4), True


def _properties(word: WordDocument, report: Report) -> None:
    core, document = word.core_properties, report.document
    core.title = f"{document.kind_name} {document.subject}"
    core.author = document.letterhead.agency
    core.language = "vi-VN"
    core.comments = document.footer
    core.created = core.modified = dt.datetime.combine(report.cut_off, dt.time(), dt.UTC)


def _page(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, size in MARGINS.items():
        setattr(section, side, Mm(size))
    section.footer_distance = Mm(8)  # two lines below the text, not in it
    section.different_first_page_header_footer = True
    word_xml.page_number(section.header.paragraphs[0])
    for footer in (section.footer, section.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.add_run(" · ".join(document.marks)).bold = True
        paragraph.add_run(f"\n{document.footer}")
        for run in paragraph.runs:
            run.font.size = Pt(9)


def _head(word: WordDocument, document: Document) -> None:
    _letterhead(word, document.letterhead, document.marks)
    for text in (document.kind_name, document.subject):
        _text(word, text, align=CENTER, bold=True, size=14, indent=False)
    _text(word, "―――――――――", align=CENTER, size=8, indent=False)
    to = document.addressees
    if not to:
        return
    if len(to) == 1:
        _text(word, f"Kính gửi: {to[0]}", align=CENTER, indent=False)
    else:
        lines = "\n".join(f"- {name}" for name in to)
        _text(word, f"Kính gửi:\n{lines}", align=CENTER, indent=False)


def _letterhead(word: WordDocument, head: Letterhead, marks: Sequence[str]) -> None:
    left = [(line.upper(), 12, False) for line in head.superior] + [(head.agency.upper(), 12, True), RULE]
    left += [(f"Số:           /{head.symbol}", 13, False), (f"[ {marks[0]} ]", 13, True)]
    right = [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, True), ("Độc lập - Tự do - Hạnh phúc", 13, True), RULE]
    dated = f"{head.place}, ngày      tháng      năm {head.year}"
    grid = word.add_table(rows=1, cols=2)
    grid.autofit = False  # or the country's name breaks in two
    word_xml.pad_cells(grid, 0)
    for column, cell, width in zip(grid.columns, grid.rows[0].cells, (Mm(68), Mm(92)), strict=True):
        column.width = cell.width = width
    _fill(grid.rows[0].cells[0].paragraphs[0], left)
    paragraph = grid.rows[0].cells[1].paragraphs[0]
    _fill(paragraph, right)
    paragraph.add_run(f"\n{dated}").italic = True
    for mark in marks[1:]:
        run = paragraph.add_run(f"\n{mark}")
        run.bold, run.font.size = True, Pt(12)


def _fill(paragraph: WordParagraph, lines: Sequence[tuple[str, int, bool]]) -> None:
    paragraph.alignment = CENTER
    for index, (text, size, bold) in enumerate(lines):
        run = paragraph.add_run(text if index == 0 else f"\n{text}")
        run.bold, run.font.size = bold, Pt(size)


def _lay(word: WordDocument, blocks: Sequence[Block]) -> None:
    before: Block | None = None
    for block in blocks:
        first = len(word.paragraphs)
        _lay_one(word, block)
        if isinstance(before, DocumentTable) and not before.note:  # a table leaves no room below itself
            word.paragraphs[first].paragraph_format.space_before = Pt(6)
        before = block


def _lay_one(word: WordDocument, block: Block) -> None:
    match block:
        case Paragraph():
            _paragraph(word, block)
        case Subheading():
            word.add_heading(block.text, level=block.level)
        case Bullets():
            for item in block.items:
                word.add_paragraph(item, style="List Bullet").alignment = JUSTIFY
        case DocumentTable():
            word_tables.add(word, block)
        case Chart():
            _chart(word, block)


def _paragraph(word: WordDocument, block: Paragraph) -> None:
    if block.style == "quote":
        word.add_paragraph(block.text, style="Quote").paragraph_format.left_indent = Mm(10)
        return
    paragraph = word.add_paragraph()
    paragraph.alignment = JUSTIFY
    if block.style == "lead" or block.text.endswith(":"):  # an announcement stays with what follows
        _stay([paragraph])
    if block.lead:
        paragraph.add_run(f"{block.lead} ").bold = True
    run = paragraph.add_run(block.text)
    if block.style == "note":
        run.italic, run.font.size = True, Pt(11)
    elif block.style == "lead":
        run.bold = True
    else:
        paragraph.paragraph_format.first_line_indent = Mm(10)


def _chart(word: WordDocument, block: Chart) -> None:
    word_tables.caption(word, block.caption)
    paragraph = word.add_paragraph()
    paragraph.alignment = CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(drawing.png(block)), width=Mm(drawing.WIDTH))
    word_xml.describe(shape, block.alt)


def _sign(word: WordDocument, document: Document) -> None:
    grid = word.add_table(rows=1, cols=2)
    word_xml.keep_together(grid.rows[0])
    left, right = grid.rows[0].cells
    label = left.paragraphs[0].add_run("Nơi nhận:")
    label.bold, label.italic, label.font.size = True, True, Pt(12)
    copies = left.paragraphs[0].add_run("".join(f"\n- {line}" for line in document.copies_to))
    copies.font.size = Pt(11)
    right.paragraphs[0].alignment = CENTER
    right.paragraphs[0].add_run("\n".join(document.signature.lines) + "\n\n\n\n").bold = True


def _annex(word: WordDocument, annex: Annex) -> None:
    section = word.add_section(WD_SECTION.NEW_PAGE)
    word_xml.shrink(word.paragraphs[-1])  # it holds the break, and would begin a page of its own below a full one
    width, height = (297, 210) if annex.landscape else (210, 297)
    section.orientation = WD_ORIENT.LANDSCAPE if annex.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    word_xml.restart_numbering(section)
    word.add_heading(annex.label, level=1).alignment = CENTER
    _text(word, annex.title.upper(), align=CENTER, bold=True, indent=False)
    if annex.enclosed:
        paragraph = word.add_paragraph()
        paragraph.alignment = CENTER
        paragraph.add_run(annex.enclosed).italic = True
    _lay(word, annex.blocks)


def _text(
    word: WordDocument,
    text: str,
    *,
    align: WD_ALIGN_PARAGRAPH = JUSTIFY,
    bold: bool = False,
    size: float = 13,
    indent: bool = True,
) -> WordParagraph:
    paragraph = word.add_paragraph()
    paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = Mm(10)
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    return paragraph


def _last_text(word: WordDocument, document: Document) -> Sequence[WordParagraph]:
    """What of the last section stays with the closing and the signature: all of it, or its end, but no table."""
    count = taken = 0
    for block in reversed(document.sections[-1].blocks if document.sections else ()):
        texts = block.items if isinstance(block, Bullets) else (getattr(block, "text", None),)
        for text in reversed(texts):
            taken += MOST_KEPT if text is None else len(text)
            if taken > MOST_KEPT and count:
                return word.paragraphs[-count:]
            count += text is not None
    return word.paragraphs[-count:] if count else ()


def _stay(paragraphs: Sequence[WordParagraph]) -> None:
    """On one page with what follows."""
    for paragraph in paragraphs:
        paragraph.paragraph_format.keep_with_next = True
