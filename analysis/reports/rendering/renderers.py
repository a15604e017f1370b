"""The engines that turn a report into a file: one model, several forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

from analysis.reports.document import Report

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Engine:
    """How a report is rendered, and how the file is named and typed."""

    label: LazyString
    ending: str
    media_type: str
    render: Callable[[Report], bytes]


# Each engine is loaded when it is first used: Matplotlib, Typst and python-docx cost a second and 50 MB.
def _pdf(report: Report) -> bytes:
    from analysis.reports.rendering import pdf

    return pdf.render(report)


def _word(report: Report) -> bytes:
    from analysis.reports.rendering import word

    return word.render(report)


def _html(report: Report) -> bytes:
    from analysis.reports.rendering import html

    return html.render(report)


ENGINES = {
    "pdf": Engine(lazy_gettext("PDF (để ký)"), "pdf", "application/pdf", _pdf),
    "word": Engine(lazy_gettext("Word (để sửa)"), "docx", WORD_TYPE, _word),
    "html": Engine(lazy_gettext("Trang web (dễ đọc trên mọi thiết bị)"), "html", "text/html", _html),
}


def file_name(report: Report, engine: str) -> str:
    """Name of the file of a report."""
    return f"{report.name}.{ENGINES[engine].ending}"
