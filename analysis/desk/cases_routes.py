"""/desk/<province>/<sector>/cases: how citizens' reports were handled in a year, by kind and by agency."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from analysis.desk.years import year_asked
from analysis.figures.case_queries import CaseScope
from analysis.figures.cases import CaseTables, case_tables
from analysis.figures.dossiers_content import SECTOR, DossiersContent, dossiers_content, question_for
from analysis.figures.register import fetch_register
from analysis.presentation.scope import Scope, scope_from, scopes_of
from survey.accounts.permissions import Action
from survey.feedback.kinds import KIND_WORDS
from survey.feedback.reach_queries import reached
from survey.foundation.access import Of, needs
from survey.foundation.clock import today
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.foundation.vocabulary import SECTORS
from survey.responses.dropped_words import has_all_words

VIEW = Action.VIEW_COMMENTS
YEARS = 5  # that it offers; an overview of an earlier one leads to that one

blueprint = Blueprint("cases", __name__, url_prefix="/desk")


def cases_of(scope: Scope, year: int) -> CaseTables:
    """The cases of a year that the signed-in user reaches in a scope, as they stand today."""
    return case_tables(_case_scope(scope, year))


def dossiers_of(scope: Scope, year: int, cases: CaseTables) -> DossiersContent | None:
    """Between what bounds the dossiers of a year are content; None where the scope has none. `cases`: the year's."""
    if scope.sector not in (None, SECTOR):
        return None
    asked = _case_scope(scope, year)
    told = dossiers_content(
        question_for(scope.province.key, Period.parse(str(year)), asked.last, asked.agencies), asked, cases
    )
    return told if told.handled else None


def _case_scope(scope: Scope, year: int) -> CaseScope:
    first, last = dt.date(year, 1, 1), min(dt.date(year, 12, 31), today())
    sectors = (scope.sector,) if scope.sector else tuple(SECTORS)
    reach = reached(db.session(), current_user, VIEW)
    return CaseScope(scope.province.id, sectors, first, last, scope.agencies, reach)


@blueprint.get("/cases")
@needs(Action.VIEW, Of.ANYTHING)
def home() -> Redirect:
    """It begins in the widest scope whose citizens' reports the user may see."""
    scopes = scopes_of(current_user, VIEW)
    return redirect(scopes[0].url("cases.page") if scopes else url_for("desk.home"))


@blueprint.get("/<province>/<sector>/cases")
@needs(Action.VIEW_COMMENTS, Of.OBJECT)
def page(province: str, sector: str) -> str:
    """The tables."""
    scope = scope_from(province, sector, request.args.get("agency"), VIEW)
    year = year_asked(request.args.get("year"), today().year)
    tables = cases_of(scope, year)
    register = fetch_register(scope.province.id)
    rows = [(register.agencies[agency_id], figures) for agency_id, figures in tables.agencies.items()]
    return render_template(
        "desk/cases.html",
        scope=scope,
        scopes=scopes_of(current_user, VIEW),
        year=year,
        years=sorted({*(today().year - back for back in range(YEARS)), year}, reverse=True),
        tables=tables,
        is_whole=has_all_words(dt.date(year, 1, 1)),
        dossiers=dossiers_of(scope, year, tables),
        kinds=KIND_WORDS,
        agencies=in_order(rows, lambda row: (row[0].name,)),
    )
