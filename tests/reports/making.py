"""Makes reports in an application context and looks into them."""

from __future__ import annotations

import datetime as dt
import json

from flask import Flask

from analysis.presentation.charts.model import Chart
from analysis.reports.document import Block, Document, DocumentTable, Paragraph, Report, Section, Subheading
from analysis.reports.rendering.pdf import figures_json


def make(
    app: Flask,
    recipient: str = "so-y-te",
    period: str = "2026-10",
    cut_off: str | None = None,
    province: str = "dak-lak",
    kind: str = "satisfaction",
) -> Report:
    """The report of a recipient on a period."""
    from analysis.reports.builder import build_report
    from survey.foundation.periods import Period

    with app.app_context():
        day = dt.date.fromisoformat(cut_off) if cut_off else None
        return build_report(province, recipient, Period.parse(period, days=True), day, kind=kind)


def differences(app: Flask, report: Report) -> list[str]:
    """Where `analysis verify` finds the report's attachment changed."""
    from analysis.reports.verify import recompute

    with app.app_context():
        content = json.loads(figures_json(report))
        return [difference.where for difference in recompute(content).differences]


def section(document: Document, words: str) -> Section:
    """The first part whose title holds the words: a section, an annex, or what stands under a heading of an annex."""
    for part in (*document.sections, *document.annexes):
        if words.lower() in part.title.lower():
            return Section("", part.title, part.blocks)
    for annex in document.annexes:
        for start, block in enumerate(annex.blocks):
            if isinstance(block, Subheading) and words.lower() in block.text.lower():
                rest = annex.blocks[start + 1 :]
                ends = (
                    i for i, later in enumerate(rest) if isinstance(later, Subheading) and later.level <= block.level
                )
                return Section("", block.text, rest[: next(ends, len(rest))])
    raise LookupError(words)


def paragraphs(document: Document) -> list[str]:
    """Running text of body and annexes."""
    return [block.text for block in blocks_of(document) if isinstance(block, Paragraph)]


def blocks_of(document: Document) -> list[Block]:
    """Every block in reading order."""
    return [block for part in (*document.sections, *document.annexes) for block in part.blocks]


def result(document: Document, which: int = 0) -> str:
    """The two sentences of a subject."""
    blocks = [block for block in blocks_of(document) if isinstance(block, Paragraph)]
    return [block.text for block in blocks if block.lead == "Kết quả:"][which]


def tables(document: Document) -> list[DocumentTable]:
    """Tables of the body and the annexes."""
    parts = [*document.sections, *document.annexes]
    return [block for part in parts for block in part.blocks if isinstance(block, DocumentTable)]


def table(document: Document, words: str) -> DocumentTable:
    """The first table whose caption holds the words."""
    return next(candidate for candidate in tables(document) if words in candidate.caption)


def charts(document: Document) -> list[Chart]:
    """Charts of body and annexes."""
    return [block for block in blocks_of(document) if isinstance(block, Chart)]
