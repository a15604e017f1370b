"""Pages of services: the list that all provinces share, and the form that changes it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.agency_access import MANAGE_AGENCIES, UserScope
from survey.accounts.permissions import VIEW, Action, can_anywhere
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.text.vietnamese import fold
from survey.registry.files.single_record import EditRefused, seen_version
from survey.registry_pages.forms import ServiceForm
from survey.registry_pages.list_labels import words
from survey.registry_pages.page_queries import fetch_service, fetch_services
from survey.registry_pages.service_places import served_in
from survey.registry_pages.single_records import SERVICES, save, stored_values

blueprint = Blueprint("services", __name__, url_prefix="/desk")
blueprint.context_processor(words)


@blueprint.get("/services")
@needs(Action.VIEW, Of.ANYTHING)
def index() -> str:
    """All services, found by name, code or field."""
    if not can_anywhere(VIEW):
        abort(404)
    text = request.args.get("q", "").strip()
    services = [
        service
        for service in fetch_services()
        if fold(text) in fold(f"{service.name} {service.code} {service.field} {service.national_code}")
    ]
    may_edit = UserScope(current_user, MANAGE_AGENCIES).allows(None)
    return render_template("registry/services.html", services=services, text=text, may_edit=may_edit)


@blueprint.get("/services/<code>")
@needs(Action.VIEW, Of.ANYTHING)  # services are shared by all provinces
def service_page(code: str) -> str:
    """One service: what it is, and which of the agencies the user sees serve it."""
    if not can_anywhere(VIEW) or (service := fetch_service(code)) is None:
        abort(404)
    return render_template(
        "registry/service.html",
        service=service,
        places=served_in(service, current_user),
        may_edit=UserScope(current_user, MANAGE_AGENCIES).allows(None),
    )


@blueprint.route("/new-service", methods=["GET", "POST"])
@needs(Action.MANAGE_AGENCIES, Of.ANYTHING, names=NOTHING)
def new_service() -> str | Response | tuple[str, int]:
    """Add a service."""
    scope = _scope()
    form = ServiceForm()
    if _saved(form, scope, new=True):
        flash(_("Đã thêm dịch vụ."), "success")
        return redirect(url_for("services.index", q=form.code.data))
    return render_template("registry/service_form.html", form=form, service=None), 422 if form.errors else 200


@blueprint.route("/services/<code>/edit", methods=["GET", "POST"])
@needs(Action.MANAGE_AGENCIES, Of.ANYTHING, names=NOTHING)  # services are shared by all provinces
def edit_service(code: str) -> str | Response | tuple[str, int]:
    """Change a service; its code stays for ever."""
    if not can_anywhere(VIEW) or (service := fetch_service(code)) is None:
        abort(404)
    scope = _scope()
    stored = stored_values(SERVICES, code)
    form = ServiceForm(data=stored | {"seen": seen_version(stored)})
    form.keep_code(code)
    if _saved(form, scope, new=False):
        flash(_("Đã lưu."), "success")
        return redirect(url_for("services.index", q=code))
    return render_template("registry/service_form.html", form=form, service=service), 422 if form.errors else 200


def _saved(form: ServiceForm, scope: UserScope, *, new: bool) -> bool:
    if not form.validate_on_submit():
        return False
    texts = form.texts(column.name for column in SERVICES.columns)
    try:
        save(SERVICES, texts, scope, new=new, seen=form.seen.data or "")
    except EditRefused as refusal:
        form.take(refusal)
        return False
    return True


def _scope() -> UserScope:
    scope = UserScope(current_user, MANAGE_AGENCIES)
    if not scope.allows(None):
        abort(403)
    return scope
