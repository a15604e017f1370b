"""Sheets to print for one counter, or in one file for an agency with all below it, or for all one sees."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import VIEW
from survey.channels.printing.jobs import start
from survey.channels.sheets.formats import DEFAULT_FORMAT, DEFAULT_LANGUAGES, FORMATS, languages_printed
from survey.channels.sheets.rendering import render_sheets
from survey.channels.web.posters import blueprint, require_counter
from survey.channels.web.queries import CounterRow
from survey.channels.web.sheet_printing import KIND, is_choice, printable
from survey.channels.web.sheet_selection import places_above, sheet_of
from survey.foundation.access import NOTHING, Of, needs

FEW = 100  # counters: what a request lays out in a few seconds


@blueprint.get("/<code>/poster")
@needs(VIEW, Of.OBJECT)
def poster(code: str) -> Response:
    """The counter's sheet as PDF, A5 in Vietnamese and English unless `format` and `languages` say otherwise."""
    return _pdf([require_counter(code)], f"qr-{code}")


@blueprint.get("/sheets")
@needs(VIEW, Of.ANYTHING)
def sheets() -> str:
    """Choose an agency, a kind of sheet and the languages."""
    rows = printable("")
    return render_template(
        "desk/sheets.html",
        places=places_above(rows),
        count=len(rows),
        formats=FORMATS,
        languages=languages_printed(),
        chosen={"format": DEFAULT_FORMAT, "languages": DEFAULT_LANGUAGES, "agency": request.args.get("agency", "")},
    )


@blueprint.post("/sheets")
@needs(VIEW, Of.ANYTHING, names=NOTHING, unaudited="a file to print changes nothing; an agency narrows one's own list")
def make_sheets() -> AnyResponse:
    """Make one file: a short one comes at once, a long one is made behind a page of its own."""
    usual = {"agency": "", "format": DEFAULT_FORMAT, "languages": DEFAULT_LANGUAGES}
    asked = {name: request.form.get(name, value) for name, value in usual.items()}
    rows = printable(asked["agency"])
    if not rows or not is_choice(asked["format"], asked["languages"]):
        abort(404)
    if len(rows) <= FEW:
        return redirect(url_for("posters.sheets_pdf", _external=False, **asked), 303)
    return redirect(url_for("prints.page", job_id=start(KIND, asked, current_user.id)), 303)


@blueprint.get("/sheets.pdf")
@needs(VIEW, Of.ANYTHING)
def sheets_pdf() -> AnyResponse:
    """One file with the sheets of all counters one may see, or of an agency and all below it."""
    agency = request.args.get("agency", "")
    rows = printable(agency)
    if not rows:
        abort(404)
    if len(rows) > FEW:
        return redirect(url_for("posters.sheets", agency=agency or None), 303)
    return _pdf(rows, f"qr-{agency or 'tat-ca'}")


def _pdf(rows: Sequence[CounterRow], name: str) -> Response:
    format_ = request.args.get("format", DEFAULT_FORMAT)
    languages = request.args.get("languages", DEFAULT_LANGUAGES)
    if not is_choice(format_, languages):
        abort(404)
    answer = Response(render_sheets([sheet_of(row) for row in rows], format_, languages), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}-{format_}.pdf"'
    return answer
