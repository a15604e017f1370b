"""The report as PDF/UA-1 and PDF/A-3a through Typst: tagged, one font family, figures attached, repeatable."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from analysis.presentation.charts.drawing import svg
from analysis.presentation.charts.model import Chart
from analysis.reports.document import Report, joined
from survey.foundation.typesetting.compiling import typeset
from survey.foundation.typesetting.printable import shown

TEMPLATE = Path(__file__).with_name("document.typ")
STANDARDS: list[Any] = ["ua-1", "a-3a"]


def render(report: Report) -> bytes:
    """The bytes of the PDF. Its date is the cut-off, so that the same figures give the same bytes on any day.

    Raises:
        typst.TypstError: the document cannot be laid out or breaks one of the two standards.
    """
    inputs = {"document": document_json(report), "figures": figures_json(report)}
    return typeset(TEMPLATE, inputs, STANDARDS)


def document_json(report: Report) -> str:
    """The document as the template reads it: data only, so nothing a citizen or official wrote can become code."""
    content = _plain(shown(report.document, "document"))
    content["cut_off"] = [report.cut_off.year, report.cut_off.month, report.cut_off.day]
    return json.dumps(content, ensure_ascii=False)


def figures_json(report: Report) -> str:
    """The attachment: figures.json, in one line, which is written three times as fast as one indented."""
    return json.dumps(report.figures, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, Chart):
        return {"type": value.type, "caption": value.caption, "alt": value.alt, "svg": svg(value)}
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, str):
        return joined(value)
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
