"""Tables of the Word file: with their columns' widths, a heading on every page, and a note that stays with them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Emu, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as Cell

from analysis.reports.document import Column, DocumentTable
from analysis.reports.rendering import word_xml
from analysis.statistics.counts import share_of

ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT, "center": WD_ALIGN_PARAGRAPH.CENTER}
FEW_ROWS, LAST_ROWS = 8, 5  # so few stay on one page; the last of many stay together
SIZE, SMALL, MANY_COLUMNS = 10.5, 9.0, 7  # pt; of more columns the names have little room
PADDING = 0.8  # mm left and right in a cell


def add(word: WordDocument, block: DocumentTable) -> None:
    """A table with its caption above and its note below."""
    caption(word, block.caption)
    table = word.add_table(rows=1, cols=len(block.columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _set_widths(word, table, block)
    word_xml.pad_cells(table, PADDING)
    _row(table.rows[0].cells, [column.heading for column in block.columns], block.columns, heading=True)
    word_xml.repeat_heading(table.rows[0])
    _add_rows(table, block)
    if block.note:
        note = word.add_paragraph()
        run = note.add_run(block.note)
        run.italic, run.font.size = True, Pt(10.5)


def _add_rows(table: Any, block: DocumentTable) -> None:
    """The rows below the heading: each copies one of two patterns, or large tables would take seconds."""

    @cache
    def pattern(*, stays: bool) -> Any:
        row = table.add_row()
        word_xml.keep_together(row)
        _row(row.cells, [""] * len(block.columns), block.columns, stays=stays)
        table._tbl.remove(row._tr)
        return row._tr

    for left, values in zip(range(len(block.rows) - 1, -1, -1), block.rows, strict=True):
        stays = bool(block.note) if left == 0 else len(block.rows) <= FEW_ROWS or left < LAST_ROWS
        row = deepcopy(pattern(stays=stays))
        for run, value in zip(word_xml.runs(row), values, strict=True):
            run.text = value
        table._tbl.append(row)


def _set_widths(word: WordDocument, table: WordTable, block: DocumentTable) -> None:
    """The columns' shares of the text width; rows added later take theirs from the first."""
    page = word.sections[-1]
    wide = int(page.page_width or 0) - int(page.left_margin or 0) - int(page.right_margin or 0)
    table.autofit = False
    total = sum(column.width for column in block.columns)
    for column, cell, own in zip(table.columns, table.rows[0].cells, block.columns, strict=True):
        column.width = cell.width = Emu(int(wide * (share_of(own.width, total) or 0)))


def _row(
    cells: Sequence[Cell],
    values: Sequence[str],
    columns: Sequence[Column],
    *,
    heading: bool = False,
    stays: bool = False,
) -> None:
    """`stays`: on one page with what follows."""
    for cell, value, column in zip(cells, values, columns, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.keep_with_next = True if heading or stays else None
        paragraph.alignment = ALIGN["center"] if heading else ALIGN[column.align]
        run = paragraph.add_run(value)
        run.bold, run.font.size = heading, Pt(SMALL if len(columns) > MANY_COLUMNS else SIZE)


def caption(word: WordDocument, text: str) -> None:
    """What stands above a table or a chart, on its page."""
    paragraph = word.add_paragraph(style="Caption")
    paragraph.alignment = ALIGN["center"]
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(text).bold = True
