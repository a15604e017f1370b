"""/desk/…/exports: files for other programs, each with its data dictionary; every download is logged."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from analysis.exports.files import csv_lines, dictionary_lines, write_xlsx
from analysis.exports.kinds import EXPORTS, FIGURES, RESPONSES
from analysis.exports.service import file_name, record, table_of
from analysis.exports.table import ExportTable
from analysis.figures.query import BadQuery
from analysis.figures.store.change_stamps import fetch_rated_years
from analysis.presentation.filter_options import periods
from analysis.presentation.scope import Scope, scope_from, scopes_of
from analysis.presentation.selection import read_period
from survey.accounts.permissions import Action, allowed, require
from survey.foundation.access import Of, needs
from survey.foundation.clock import today
from survey.foundation.periods import Period
from survey.foundation.tables.downloads import Part, streamed

CHUNK = 1 << 16
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KIND = f"<any({', '.join(map(repr, FIGURES))}):kind>"  # in addresses
blueprint = Blueprint("exports", __name__, url_prefix="/desk")


@blueprint.get("/exports")
@needs(Action.EXPORT_FIGURES, Of.ANYTHING)
def home() -> Redirect:
    """Exporting begins in the widest scope the user may export from."""
    scopes = scopes_of(current_user, Action.EXPORT_FIGURES)
    return redirect(scopes[0].url("exports.page") if scopes else url_for("desk.home"))


@blueprint.get("/<province>/<sector>/exports")
@needs(Action.EXPORT_FIGURES, Of.OBJECT)
def page(province: str, sector: str) -> str | tuple[str, int]:
    """What there is to download, for a period."""
    scope = scope_from(province, sector, request.args.get("agency"), Action.EXPORT_FIGURES)
    years = fetch_rated_years(scope.province.id)
    return render_template(
        "exports/page.html",
        scope=scope,
        scopes=scopes_of(current_user, Action.EXPORT_FIGURES),
        figures=FIGURES,
        responses=EXPORTS[RESPONSES],
        period=_period(scope),
        periods=periods(years),
        may_export_responses=allowed(Action.EXPORT_RESPONSES, scope.resource),
        may_export_comments=allowed(Action.EXPORT_COMMENTS, scope.resource),
    )


@blueprint.get(f"/<province>/<sector>/exports/{KIND}.<any('csv', 'xlsx'):filetype>")
@needs(Action.EXPORT_FIGURES, Of.OBJECT)
def figures(province: str, sector: str, kind: str, filetype: str) -> Response:
    """A table of counts and estimates."""
    scope = scope_from(province, sector, request.args.get("agency"), Action.EXPORT_FIGURES)
    period = _period(scope)
    return _sent(table_of(kind, scope, period), filetype, scope, period)


@blueprint.get(f"/<province>/<sector>/exports/{KIND}/tu-dien.csv")
@needs(Action.EXPORT_FIGURES, Of.OBJECT)
def figures_dictionary(province: str, sector: str, kind: str) -> Response:
    """What the columns of that file mean."""
    scope = scope_from(province, sector, request.args.get("agency"), Action.EXPORT_FIGURES)
    return _dictionary(table_of(kind, scope, _period(scope)))


@blueprint.get("/<province>/<sector>/exports/responses.<any('csv', 'xlsx'):filetype>")
@needs(Action.EXPORT_RESPONSES, Of.OBJECT)
def responses(province: str, sector: str, filetype: str) -> Response:
    """Anonymised responses; their comments only to those who may export them."""
    scope = scope_from(province, sector, request.args.get("agency"), Action.EXPORT_RESPONSES)
    comments, period = _comments(scope), _period(scope)
    return _sent(table_of(RESPONSES, scope, period, comments=comments), filetype, scope, period, comments=comments)


@blueprint.get("/<province>/<sector>/exports/responses/tu-dien.csv")
@needs(Action.EXPORT_RESPONSES, Of.OBJECT)
def responses_dictionary(province: str, sector: str) -> Response:
    """What the columns of that file mean."""
    scope = scope_from(province, sector, request.args.get("agency"), Action.EXPORT_RESPONSES)
    return _dictionary(table_of(RESPONSES, scope, _period(scope), comments=_comments(scope)))


def _sent(table: ExportTable, filetype: str, scope: Scope, period: Period, *, comments: bool = False) -> Response:
    name = f"{file_name(table, scope, period)}.{filetype}"
    record(table, filetype, scope, period, comments=comments)
    if filetype == "csv":
        return _attached(csv_lines(table), name, CSV)
    return _attached(_workbook(table), name, XLSX)


def _dictionary(table: ExportTable) -> Response:
    return _attached(dictionary_lines(table), f"{table.name}-tu-dien.csv", CSV)


def _attached(body: Iterator[Part], name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return streamed(body, kind, headers)


def _workbook(table: ExportTable) -> Iterator[bytes]:
    """The workbook, made in a temporary file (a ZIP's directory comes last) and sent piece by piece."""
    with tempfile.TemporaryFile() as file:
        write_xlsx(table, file)
        file.seek(0)
        yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece


def _comments(scope: Scope) -> bool:
    asked = request.args.get("comments") == "1"
    if asked:
        require(Action.EXPORT_COMMENTS, scope.resource)
    return asked


def _period(scope: Scope) -> Period:
    years = fetch_rated_years(scope.province.id)
    try:
        return read_period(request.args.get("period", ""), years[-1] if years else today().year)
    except BadQuery as problem:
        abort(400, str(problem))
