"""Sheets to print for one counter, or in one file for an agency with all below it, or for all one sees."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, render_template, request

from survey.accounts.permissions import VIEW
from survey.channels.sheets.formats import DEFAULT_FORMAT, DEFAULT_LANGUAGES, FORMATS, LANGUAGES_PRINTED
from survey.channels.sheets.rendering import render_sheets
from survey.channels.web.posters import blueprint, counters_seen, require_counter
from survey.channels.web.queries import CounterRow
from survey.channels.web.sheet_selection import below, may_be_printed, places_above, sheet_of
from survey.foundation.access import Of, needs


@blueprint.get("/<code>/poster")
@needs(VIEW, Of.OBJECT)
def poster(code: str) -> Response:
    """The counter's sheet as PDF, A5 in Vietnamese and English unless `format` and `languages` say otherwise."""
    return _pdf([require_counter(code)], f"qr-{code}")


@blueprint.get("/sheets")
@needs(VIEW, Of.ANYTHING)
def sheets() -> str:
    """Choose an agency, a kind of sheet and the languages."""
    rows = list(filter(may_be_printed, counters_seen()))
    return render_template(
        "desk/sheets.html",
        places=places_above(rows),
        count=len(rows),
        formats=FORMATS,
        languages=LANGUAGES_PRINTED,
        chosen={"format": DEFAULT_FORMAT, "languages": DEFAULT_LANGUAGES, "agency": request.args.get("agency", "")},
    )


@blueprint.get("/sheets.pdf")
@needs(VIEW, Of.ANYTHING)
def sheets_pdf() -> Response:
    """One file with the sheets of all counters one may see, or of an agency and all below it."""
    rows = list(filter(may_be_printed, counters_seen()))
    agency = request.args.get("agency", "")
    chosen = below(agency, rows) if agency else rows
    if not chosen:
        abort(404)
    return _pdf(chosen, f"qr-{agency or 'tat-ca'}")


def _pdf(rows: Sequence[CounterRow], name: str) -> Response:
    format_ = request.args.get("format", DEFAULT_FORMAT)
    languages = request.args.get("languages", DEFAULT_LANGUAGES)
    if format_ not in FORMATS or languages not in LANGUAGES_PRINTED:
        abort(404)
    answer = Response(render_sheets([sheet_of(row) for row in rows], format_, languages), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}-{format_}.pdf"'
    return answer
