"""The report as PDF/UA-1 and PDF/A-3a through Typst: tagged, one font family, figures attached, repeatable."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from analysis.presentation.charts.drawing import svg
from analysis.presentation.charts.model import Chart
from analysis.reports.document import Report
from analysis.reports.printable import FONTS, printable

TEMPLATE = Path(__file__).with_name("document.typ")
NOTHING = Path(__file__).with_name("nothing.typ")
# Typst remembers the work on a document for ten compilations, 8 MB each; empty ones make it forget sooner.
FORGETTING = 10
BEFORE_YEAR = re.compile(r" (?=[\d/]+$)")  # a year alone on the title's last line looks lost
STANDARDS: list[Any] = ["ua-1", "a-3a"]

_one_at_a_time = Lock()  # the compiler keeps the inputs of its last document


def render(report: Report) -> bytes:
    """The bytes of the PDF. Its date is the cut-off, so that the same figures give the same bytes on any day.

    Raises:
        typst.TypstError: the document cannot be laid out or breaks one of the two standards.
    """
    inputs = {"document": document_json(report), "figures": figures_json(report)}
    with _one_at_a_time:
        pdf = compiler().compile(format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS)
        for _ in range(FORGETTING):
            _nothing().compile(format="pdf")
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    return pdf


def document_json(report: Report) -> str:
    """The document as the template reads it: data only, so nothing a citizen or official wrote can become code."""
    document = printable(report.document)
    for place, signs in document.signs.items():
        logging.getLogger("hai_long").warning("no glyph in the document's font: %s has %s", place, signs)
    content = _plain(document.value)
    content["subject"] = BEFORE_YEAR.sub("\u00a0", content["subject"])
    content["cut_off"] = [report.cut_off.year, report.cut_off.month, report.cut_off.day]
    return json.dumps(content, ensure_ascii=False)


def figures_json(report: Report) -> str:
    """The attachment: figures.json."""
    return json.dumps(report.figures, ensure_ascii=False, sort_keys=True, indent=1)


def _plain(value: Any) -> Any:
    if isinstance(value, Chart):
        return {"type": value.type, "caption": value.caption, "alt": value.alt, "svg": svg(value)}
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, str):
        return value.replace(" %", "\u00a0%")  # a number and its sign stay on one line
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


@cache
def compiler() -> typst.Compiler:
    """One compiler a process: fonts and template are read once."""
    return typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=[FONTS], ignore_system_fonts=True)


@cache
def _nothing() -> typst.Compiler:
    return typst.Compiler(NOTHING, root=NOTHING.parent, ignore_system_fonts=True)
