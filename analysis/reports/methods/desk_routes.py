"""At the desk: an owner drafts, checks, compares, publishes and retires the method of a sector."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from analysis.reports.methods.content import differences
from analysis.reports.methods.forms import DraftForm, RetirementForm
from analysis.reports.methods.queries import fetch_editions, find_draft
from analysis.reports.methods.service import (
    EDIT,
    PUBLISH,
    RETIRE,
    findings,
    in_force,
    publication_details,
    save_draft,
)
from survey.accounts.approvals.approvals import NotPossible, carry_out, required
from survey.accounts.permissions import Resource, allowed, can_anywhere, grants_allowing, require
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.clock import today
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SECTORS
from survey.registry.models import Province
from survey.registry.queries import fetch_provinces, find_province

blueprint = Blueprint("method_desk", __name__, url_prefix="/desk/methods")
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@needs(EDIT, Of.ANYTHING)
def index() -> str:
    """The methods one owns, each with the edition in force."""
    if not can_anywhere(EDIT):
        abort(404)
    provinces = fetch_provinces({grant.province_id for grant in grants_allowing(current_user, EDIT)})
    owned = [
        (province, sector, in_force(fetch_editions(db.session(), province.id, sector), today()))
        for province in provinces
        for sector in SECTORS
        if allowed(EDIT, Resource(province.id, sector))
    ]
    return render_template("reports/methods.html", owned=owned, sectors=SECTORS)


@blueprint.route("/<province>/<sector>", methods=["GET", "POST"])
@needs(EDIT, Of.PROVINCE, names=NOTHING)
def page(province: str, sector: str) -> Answer:
    """The draft with its checks and what it changes; the editions published so far."""
    place = _owned(province, sector)
    draft = find_draft(db.session(), place.id, sector)
    form = DraftForm(obj=draft, data={"since": today()} if draft is None else None)
    if form.validate_on_submit():
        assert form.since.data is not None
        save_draft(place, sector, (form.decision.data or "").strip(), form.since.data, form.own_words.data or "")
        flash(_("Đã lưu bản nháp."), "success")
        return redirect(url_for("method_desk.page", province=province, sector=sector))
    return _page(place, sector, form, RetirementForm(formdata=None, data={"retired_on": today()}))


@blueprint.post("/<province>/<sector>/publish")
@needs(EDIT, Of.PROVINCE, names=NOTHING)
def publish(province: str, sector: str) -> Response:
    """Publish the draft that was looked at, or propose to."""
    place = _owned(province, sector)
    draft = find_draft(db.session(), place.id, sector)
    if draft is None:
        abort(404)
    content, _checked = findings(place, sector, draft)
    details = publication_details(sector, draft, content)
    return _done(lambda: carry_out(PUBLISH, place, sector, details, current_user), province, sector)


@blueprint.post("/<province>/<sector>/retire")
@needs(EDIT, Of.PROVINCE, names=NOTHING)
def retire(province: str, sector: str) -> Answer:
    """End an edition from a day on, or propose to."""
    place, form = _owned(province, sector), RetirementForm()
    if not form.validate_on_submit():
        draft = find_draft(db.session(), place.id, sector)
        return _page(place, sector, DraftForm(formdata=None, obj=draft, data={"since": today()}), form)
    assert form.retired_on.data is not None
    details = {
        "sector": sector,
        "number": form.number.data,
        "retired_on": form.retired_on.data.isoformat(),
        "reason": (form.reason.data or "").strip(),
    }
    return _done(lambda: carry_out(RETIRE, place, sector, details, current_user), province, sector)


def _page(place: Province, sector: str, form: DraftForm, retirement: RetirementForm) -> tuple[str, int]:
    draft = find_draft(db.session(), place.id, sector)
    editions = fetch_editions(db.session(), place.id, sector)
    content, checked = ([], []) if draft is None else findings(place, sector, draft)
    changes = differences(editions[0].content if editions else [], content) if draft else []
    page = render_template(
        "reports/method_desk.html",
        province=place,
        sector=sector,
        form=form,
        retirement=retirement,
        draft=draft,
        editions=editions,
        current=in_force(editions, today()),
        checked=checked,
        changes=changes,
        two_people=required(place.key),
        sectors=SECTORS,
    )
    return page, 422 if form.errors or retirement.errors else 200


def _done(change: Callable[[], str], province: str, sector: str) -> Response:
    try:
        flash(change(), "success")
    except NotPossible as problem:
        flash(str(problem), "error")
    return redirect(url_for("method_desk.page", province=province, sector=sector))


def _owned(key: str, sector: str) -> Province:
    place = find_province(key)
    if place is None or sector not in SECTORS:
        abort(404)
    require(EDIT, Resource(place.id, sector))
    return place
