"""Forms of an agency's counters: add, change, close, open again."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.agency_access import UserScope, agency_seen, require_agency
from survey.accounts.permissions import Action
from survey.foundation.access import NOTHING, Of, needs
from survey.registry.files.single_record import EditRefused, seen_version
from survey.registry.models import Agency, Counter
from survey.registry_pages.forms import ClosingForm, CounterForm, choices_of
from survey.registry_pages.list_labels import words
from survey.registry_pages.page_queries import fetch_counter, fetch_services
from survey.registry_pages.single_records import COUNTERS, close_counter, save, stored_values

blueprint = Blueprint("counters", __name__, url_prefix="/desk/agencies/<code>")
blueprint.context_processor(words)


@blueprint.route("/new-counter", methods=["GET", "POST"])
@needs(Action.MANAGE_AGENCIES, Of.OBJECT, names=NOTHING)
def new_counter(code: str) -> str | Response | tuple[str, int]:
    """Add a counter to an agency."""
    agency, scope = _agency(code)
    form = CounterForm()
    _offer_services(form)
    if _saved(form, code, scope, new=True):
        flash(_("Đã thêm quầy. In mã QR ở trang “Quầy và mã QR”."), "success")
        return redirect(url_for("agencies.agency_page", code=code))
    page = render_template("registry/counter_form.html", form=form, agency=agency, counter=None, closing=None)
    return page, 422 if form.errors else 200


@blueprint.route("/counters/<counter>", methods=["GET", "POST"])
@needs(Action.MANAGE_AGENCIES, Of.OBJECT, names=NOTHING)
def edit_counter(code: str, counter: str) -> str | Response | tuple[str, int]:
    """Change a counter; its printed code stays for ever."""
    agency, scope = _agency(code)
    row = _counter(agency, counter)
    stored = stored_values(COUNTERS, counter)
    form = CounterForm(data=stored | {"seen": seen_version(stored)})
    _offer_services(form)
    form.keep_code(counter)
    if _saved(form, code, scope, new=False):
        flash(_("Đã lưu."), "success")
        return redirect(url_for("agencies.agency_page", code=code))
    closing = ClosingForm(formdata=None, data={"closed_on": row.closed_on})
    page = render_template("registry/counter_form.html", form=form, agency=agency, counter=row, closing=closing)
    return page, 422 if form.errors else 200


@blueprint.post("/counters/<counter>/closing")
@needs(Action.MANAGE_AGENCIES, Of.OBJECT, names=NOTHING)
def close(code: str, counter: str) -> Response:
    """Close a counter from a day on; an empty day opens it again."""
    agency, _scope = _agency(code)
    row = _counter(agency, counter)
    form = ClosingForm()
    if not form.validate_on_submit():
        flash(_("Ngày đóng quầy chưa đúng; quầy vẫn như cũ."), "error")
        return redirect(url_for("counters.edit_counter", code=code, counter=counter))
    closed_on = form.closed_on.data
    close_counter(row.id, closed_on)
    flash(_("Quầy đóng từ ngày đã chọn.") if closed_on else _("Quầy đang mở."), "success")
    return redirect(url_for("agencies.agency_page", code=code))


def _agency(code: str) -> tuple[Agency, UserScope]:
    agency = agency_seen(current_user, code)
    return agency, require_agency(current_user, agency)


def _counter(agency: Agency, code: str) -> Counter:
    counter = fetch_counter(agency.id, code)
    if counter is None:
        abort(404)
    return counter


def _offer_services(form: CounterForm) -> None:
    form.services.choices = choices_of({service.code: service.name for service in fetch_services()})


def _saved(form: CounterForm, agency: str, scope: UserScope, *, new: bool) -> bool:
    if not form.validate_on_submit():
        return False
    texts = form.texts((column.name for column in COUNTERS.columns), agency=agency)
    try:
        save(COUNTERS, texts, scope, new=new, seen=form.seen.data or "")
    except EditRefused as refusal:
        form.take(refusal)
        return False
    return True
