"""Pages of agencies: the tree, one agency, and the forms that change it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.agency_access import (
    MANAGE_AGENCIES,
    UserScope,
    agencies_seen,
    agency_seen,
    may_see_agency,
    province_seen,
    provinces_seen,
    require_agency,
)
from survey.accounts.permissions import Action
from survey.foundation.access import Names, Of, needs
from survey.foundation.clock import today
from survey.registry.files.single_record import EditRefused, seen_version
from survey.registry_pages.agency_list import lines_of
from survey.registry_pages.agency_overview import overview
from survey.registry_pages.forms import AgencyForm
from survey.registry_pages.list_labels import words
from survey.registry_pages.page_queries import (
    fetch_agencies,
    fetch_agency_names,
    fetch_agency_of_counter,
    fetch_successors,
)
from survey.registry_pages.single_records import AGENCIES, save, stored_values

blueprint = Blueprint("agencies", __name__, url_prefix="/desk")
blueprint.context_processor(words)


@blueprint.get("/agencies")
@needs(Action.VIEW, Of.ANYTHING)
def index() -> str:
    """The agencies the user may see, as a tree."""
    province = province_seen(current_user, request.args.get("province"))
    text, with_ended = request.args.get("q", "").strip(), "ended" in request.args
    agencies = fetch_agencies(province.id, agencies_seen(current_user, province.id))
    lines = lines_of(
        agencies,
        fetch_successors([agency.id for agency in agencies]),
        today(),
        text=text,
        with_ended=with_ended,
    )
    return render_template(
        "registry/index.html",
        province=province,
        provinces=provinces_seen(current_user),
        lines=lines,
        text=text,
        with_ended=with_ended,
        may_add=UserScope(current_user, MANAGE_AGENCIES).allows(province.id),
    )


@blueprint.get("/agencies/<code>")
@needs(Action.VIEW, Of.OBJECT)
def agency_page(code: str) -> str:
    """One agency: what it is, what became of it, its counters and its caseload months."""
    agency = agency_seen(current_user, code)
    return render_template("registry/agency.html", view=overview(agency, current_user))


@blueprint.get("/counters/<counter>")
@needs(Action.VIEW, Of.OBJECT)
def counter_page(counter: str) -> Response:
    """What is known of a counter stands on its agency's page."""
    agency = fetch_agency_of_counter(counter)
    if agency is None or not may_see_agency(agency):
        abort(404)
    return redirect(url_for("agencies.agency_page", code=agency.code, _anchor=counter))


@blueprint.route("/new-agency", methods=["GET", "POST"])
@needs(Action.MANAGE_AGENCIES, Of.ANYTHING, names={"parent": Names.AGENCY})
def new_agency() -> str | Response | tuple[str, int]:
    """Add an agency to a province."""
    province = province_seen(current_user, request.args.get("province"))
    scope = UserScope(current_user, MANAGE_AGENCIES)
    if not scope.allows(province.id):
        abort(403)
    form = AgencyForm()
    form.offer(fetch_agency_names(province.id))
    saved = _saved(form, province.key, scope, new=True)
    if saved:
        flash(_("Đã thêm cơ quan."), "success")
        return redirect(url_for("agencies.agency_page", code=saved))
    page = render_template("registry/agency_form.html", form=form, province=province, agency=None)
    return page, 422 if form.errors else 200


@blueprint.route("/agencies/<code>/edit", methods=["GET", "POST"])
@needs(Action.MANAGE_AGENCIES, Of.OBJECT, names={"parent": Names.AGENCY})
def edit_agency(code: str) -> str | Response | tuple[str, int]:
    """Change an agency; its code and province stay for ever."""
    agency = agency_seen(current_user, code)
    scope = require_agency(current_user, agency)
    stored = stored_values(AGENCIES, code)
    shown = stored | {
        "successor": list(stored["successor"]),
        "area": stored["area"] or "",
        "parent": stored["parent"] or "",
        "document": stored["document"] or "",
        "seen": seen_version(stored),
    }
    form = AgencyForm(data=shown)
    form.keep_code(code)
    form.offer(fetch_agency_names(agency.province_id, stored["successor"]))
    if _saved(form, agency.province.key, scope, new=False):
        flash(_("Đã lưu."), "success")
        return redirect(url_for("agencies.agency_page", code=code))
    page = render_template("registry/agency_form.html", form=form, province=agency.province, agency=agency)
    return page, 422 if form.errors else 200


def _saved(form: AgencyForm, province: str, scope: UserScope, *, new: bool) -> str | None:
    if not form.validate_on_submit():
        return None
    names = (column.name for column in AGENCIES.columns)
    texts = form.texts(names, province=province)
    try:
        return save(AGENCIES, texts, scope, new=new, seen=form.seen.data or "")
    except EditRefused as refusal:
        form.take(refusal)
        return None
