"""The sheets of many counters in one file, whether a request makes it or a process of its own."""

from __future__ import annotations

from flask import Flask, abort, url_for
from flask_babel import lazy_gettext as _l

from survey.channels.printing.kinds import PRINT_KINDS, Asked, Printed, PrintKind
from survey.channels.sheets.formats import FORMATS, languages_printed
from survey.channels.sheets.rendering import render_sheets
from survey.channels.web.counters_in_reach import counters_seen
from survey.channels.web.queries import CounterRow
from survey.channels.web.sheet_selection import below, may_be_printed, sheet_of

KIND = "sheets"


def init_sheet_printing(app: Flask) -> None:
    """Let long files of sheets be made behind the page."""
    PRINT_KINDS.add(app, KIND, PrintKind(_l("In tờ mã QR"), _make, _back))


def printable(agency: str) -> list[CounterRow]:
    """The counters that the user may see and that sheets are of use for: of an agency with all below it, or all."""
    rows = list(filter(may_be_printed, counters_seen()))
    return below(agency, rows) if agency else rows


def is_choice(format_: str, languages: str) -> bool:
    """Whether there are such sheets."""
    return format_ in FORMATS and languages in languages_printed()


def _make(asked: Asked) -> Printed:
    rows = printable(asked["agency"])
    if not rows:
        abort(404)
    content = render_sheets([sheet_of(row) for row in rows], asked["format"], asked["languages"])
    return Printed(f"qr-{asked['agency'] or 'tat-ca'}-{asked['format']}.pdf", content)


def _back(asked: Asked) -> str:
    return url_for("posters.sheets", agency=asked["agency"] or None)
