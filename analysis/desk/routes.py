"""Pages of the desk."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from analysis.desk.cases_routes import cases_of, dossiers_of
from analysis.desk.on_time import on_time_tables
from analysis.desk.overview import overview
from analysis.desk.years import year_asked
from analysis.figures.store.change_stamps import fetch_rated_years
from analysis.presentation.scope import Scope, scope_from, scopes_of
from survey.accounts.permissions import Action, allowed, can_anywhere, holds_country
from survey.foundation.access import Of, needs
from survey.foundation.clock import today
from survey.registry.queries import count_counters

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

COVERAGE_WORDS = {
    "surveyed_units": _("Đơn vị sự nghiệp công được khảo sát"),
    "method_defined": _("Đơn vị đã xác định phương pháp thu thập, theo dõi sự chấp nhận của công dân"),
    "one_stop": _("Cơ quan hành chính giải quyết công việc theo cơ chế một cửa"),
    "on_time": _("Hồ sơ thủ tục hành chính giải quyết đúng hạn, theo sổ"),
}


@blueprint.get("/")
@needs(Action.VIEW, Of.ANYTHING)
def home() -> str | Response:
    """The overview of the widest scope the user may see."""
    scopes = scopes_of(current_user)
    if not scopes and holds_country(Action.VIEW):
        return redirect(url_for("country.home"))
    if not scopes:
        return render_template("desk/no_role.html")
    if can_anywhere(Action.MANAGE_USERS) and not count_counters(scopes[0].province.id):
        return redirect(url_for("setup.home"))  # nothing can be rated yet
    return redirect(scopes[0].url())


@blueprint.get("/<province>/<sector>")
@needs(Action.VIEW, Of.OBJECT)
def overview_page(province: str, sector: str) -> str:
    """Each target in one sentence, then what lies behind the chosen one."""
    scope = scope_from(province, sector, request.args.get("agency"))
    years = fetch_rated_years(scope.province.id)
    year = year_asked(request.args.get("year"), years[-1] if years else today().year)
    cases = cases_of(scope, year) if allowed(Action.VIEW_COMMENTS, scope.resource) else None
    view = overview(scope, year, request.args.get("target"))
    subject = view.detail.standing.target.subject if view.detail else None
    return render_template(
        "desk/overview.html",
        scope=scope,
        scopes=scopes_of(current_user),
        year=year,
        years=sorted({*years, year}, reverse=True),
        view=view,
        cases=cases.total if cases else None,
        dossiers=dossiers_of(scope, year, cases) if cases else None,
        on_time=on_time_tables(scope, year),
        coverage_words=COVERAGE_WORDS,
        agency_link=lambda code: agency_address(scope, code, year),
        service_link=lambda code, about=subject: scope.url(
            "explore.page", subject=about, service=code, period=year, by="agency"
        ),
    )


def agency_address(scope: Scope, code: str, year: int) -> str:
    """The same page for one agency of the scope."""
    return url_for("desk.overview_page", province=scope.province.key, sector=scope.sector_key, agency=code, year=year)
