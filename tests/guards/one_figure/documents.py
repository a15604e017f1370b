"""Documents in every form: what is attached, and what tables and sentences say as other programs read them back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

import docx
from flask import Flask

from analysis.reports.builder import build_report
from analysis.reports.document import DocumentTable, Report
from analysis.reports.rendering import html, pdf, word
from survey.foundation.periods import Period
from tests.guards.one_figure import files, pages, sentences
from tests.guards.one_figure.claims import Claim
from tests.support.html import parse_html


def documents(app: Flask, province: str, asked: Sequence[tuple[str, str]]) -> Iterator[Claim]:
    """Every form of the documents of some recipients and periods."""
    for recipient, period in asked:
        with app.app_context():
            report = build_report(province, recipient, Period.parse(period))
            yield from files.of_attachment("attachment", report.figures)
            yield from in_html(report)
            yield from in_word(report)
            yield from in_pdf(report)


def in_html(report: Report) -> Iterator[Claim]:
    """The tables and sentences of the page."""
    page = parse_html(html.render(report).decode())
    yield from pages.of_page("document as HTML", page)
    lines = [" ".join("".join(paragraph.itertext()).split()) for paragraph in page.iter("p")]
    yield from sentences.of_document_text("document's text as HTML", "\n".join(lines), report.figures)


def tables(report: Report) -> list[DocumentTable]:
    parts = [*report.document.sections, *report.document.annexes]
    return [block for part in parts for block in part.blocks if isinstance(block, DocumentTable) and block.keys]


def in_word(report: Report) -> Iterator[Claim]:
    """The tables as another program reads them, each at its place, and the sentences."""
    read = docx.Document(io.BytesIO(word.render(report)))
    following = iter([[tuple(cell.text for cell in row.cells) for row in table.rows] for table in read.tables])
    for table in tables(report):
        headings = [squeezed(column.heading) for column in table.columns]
        lines = next((lines for lines in following if [squeezed(cell) for cell in lines[0]] == headings), None)
        assert lines, f"{table.caption} is not at its place in the Word file"
        holds = [column.holds for column in table.columns]
        assert [squeezed(line[0]) for line in lines[1:]] == [squeezed(row[0]) for row in table.rows], table.caption
        yield from sentences.of_table("Word", table.keys, holds, lines[1:])
    text = "\n".join(paragraph.text for paragraph in read.paragraphs)
    yield from sentences.of_document_text("Word's text", text, report.figures)


def in_pdf(report: Report) -> Iterator[Claim]:
    """The same as a reader's program gives the words back: each table's rows stand after its caption, in order."""
    from tests.reports.pages import text_of

    text = "".join(text_of(pdf.render(report)))
    pages, place = squeezed(text), 0
    for table in tables(report):
        place = pages.find(squeezed(table.caption), place)
        assert place >= 0, f"{table.caption} is not at its place on the pages"
        holds = [column.holds for column in table.columns]
        first, last = min(at for at, held in enumerate(holds) if held), max(at for at, held in enumerate(holds) if held)
        for key, row in zip(table.keys, table.rows, strict=True):
            told = squeezed("".join(row[first : last + 1]))
            place = pages.find(told, place)
            assert place >= 0, f"{table.caption}: {row} is not on the pages"
            place += len(told)
            yield from sentences.of_table("PDF", [key], holds, [row])
    yield from sentences.of_document_text("PDF's text", text, report.figures)


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u00a0]+", "", text)
