"""/desk/measures: what is being done to improve, and what has changed since."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from analysis.measures import queries
from analysis.measures.effects import effects_of, outlooks_of
from analysis.measures.forms import ChangeForm, MeasureForm
from analysis.measures.models import Measure
from analysis.measures.origin_queries import fetch_cases_behind, fetch_reached
from analysis.measures.origins import read_cases
from analysis.measures.service import MeasureText, NewMeasure, change_measure, register_measure
from analysis.presentation.phrases import SHORT_SUBJECTS, share_words, threshold_words, unbroken
from survey.accounts.agency_access import UserScope, provinces_seen
from survey.accounts.permissions import VIEW, Action, Resource, allowed, can_anywhere, require
from survey.feedback.reach_queries import reached
from survey.foundation.access import NOTHING, Names, Of, needs
from survey.foundation.clock import today
from survey.foundation.formatting import date
from survey.foundation.pages.form_fields import choices
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SECTORS
from survey.registry.models import Agency

MANAGE = Action.MANAGE_MEASURES

blueprint = Blueprint("measures", __name__, url_prefix="/desk/measures")


@blueprint.context_processor
def names() -> dict[str, object]:
    """Words for the templates."""
    return {
        "sectors": SECTORS,
        "subjects": SHORT_SUBJECTS,
        "unbroken": unbroken,
        "share_words": share_words,
        "threshold_words": threshold_words,
    }


@blueprint.get("")
@needs(Action.VIEW, Of.ANYTHING)
def index() -> str:
    """The measures the user may see."""
    if not can_anywhere(VIEW):
        abort(404)
    scope = UserScope(current_user, VIEW)
    measures = queries.fetch_measures({province.id for province in provinces_seen(current_user)})
    shown = [measure for measure in measures if scope.allows(measure.province_id, measure.sector, measure.agency_id)]
    return render_template("measures/index.html", measures=shown, may_register=can_anywhere(MANAGE))


@blueprint.get("/<int:measure_id>")
@needs(Action.VIEW, Of.OBJECT)
def page(measure_id: int) -> str:
    """One measure with before and after."""
    measure = queries.fetch_measure(measure_id)
    if measure is None:
        abort(404)
    require(VIEW, _resource(measure))
    return render_template(
        "measures/measure.html",
        measure=measure,
        effects=effects_of(measure),
        outlooks=outlooks_of(measure) if measure.ends_on is None or measure.ends_on >= today() else [],
        may_change=allowed(MANAGE, _resource(measure)),
        cases=sorted(
            fetch_reached(
                fetch_cases_behind(db.session(), measure_id),
                reached(db.session(), current_user, Action.VIEW_COMMENTS),
            )
        ),
    )


@blueprint.route("/<int:measure_id>/change", methods=["GET", "POST"])
@needs(Action.MANAGE_MEASURES, Of.OBJECT, names=NOTHING)
def change(measure_id: int) -> str | Response | tuple[str, int]:
    """Change the words of a measure, or end it."""
    measure = queries.fetch_measure(measure_id)
    if measure is None:
        abort(404)
    require(MANAGE, _resource(measure))
    behind = fetch_cases_behind(db.session(), measure_id)
    form = ChangeForm(obj=measure, cases=" ".join(map(str, behind)))
    cases = read_cases(form.cases) if form.validate_on_submit() else None
    if cases is not None and _ends_after(form, measure):
        what, who = (form.what.data or "").strip(), (form.who.data or "").strip()
        words = MeasureText(what=what, who=who, ends_on=form.ends_on.data, cases=cases)
        change_measure(measure_id, words)
        flash(_("Đã lưu biện pháp."), "success")
        return redirect(url_for("measures.page", measure_id=measure_id))
    return render_template("measures/change.html", form=form, measure=measure), 422 if form.errors else 200


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Action.MANAGE_MEASURES, Of.ANYTHING, names={"agency": Names.AGENCY})
def register() -> str | Response | tuple[str, int]:
    """Register a measure."""
    if not can_anywhere(MANAGE):
        abort(404)
    agencies = _agencies()
    form = _form(agencies)
    cases = read_cases(form.cases) if form.validate_on_submit() else None
    if cases is not None and _is_allowed(form, agencies):
        measure_id = register_measure(replace(_new(form, agencies), cases=cases), int(current_user.id))
        flash(_("Đã ghi biện pháp."), "success")
        return redirect(url_for("measures.page", measure_id=measure_id))
    return render_template("measures/form.html", form=form), 422 if form.errors else 200


def _ends_after(form: ChangeForm, measure: Measure) -> bool:
    if form.ends_on.data is not None and form.ends_on.data < measure.starts_on:
        form.ends_on.errors = [_("Ngày kết thúc trước ngày bắt đầu (%(day)s).", day=date(measure.starts_on))]
    return not form.errors


def _resource(measure: Measure) -> Resource:
    return Resource(measure.province_id, measure.sector, measure.agency_id)


def _agencies() -> dict[str, Agency]:
    """The agencies where the user may register something in at least one sector, by code."""
    scope = UserScope(current_user, MANAGE)
    provinces = {province.id for province in provinces_seen(current_user)}
    agencies = queries.fetch_agencies(provinces, today())
    return {agency.code: agency for agency in agencies if scope.sectors(agency.province_id, agency.id)}


def _form(agencies: dict[str, Agency]) -> MeasureForm:
    scope = UserScope(current_user, MANAGE)
    own = [sector for agency in list(agencies.values())[:1] for sector in scope.sectors(agency.province_id, agency.id)]
    form = MeasureForm(sector=own[0] if own else None)  # begins with a sector of the user's own
    form.agency.choices = choices({code: agency.name for code, agency in agencies.items()})
    services = {service.code: service.name for service in queries.fetch_services()}
    form.service.choices = choices({"": _("(cả đơn vị, mọi dịch vụ của ngành)")} | services)
    return form


def _is_allowed(form: MeasureForm, agencies: dict[str, Agency]) -> bool:
    """Whether the sector is the user's there, and the service is of that sector; says at the field what is wrong."""
    agency = agencies[form.agency.data]
    scope = UserScope(current_user, MANAGE)
    if not scope.allows(agency.province_id, form.sector.data, agency.id):
        form.sector.errors = [_("Vai trò của Ông/Bà không gồm ngành này ở đơn vị này.")]
    chosen = next((service for service in queries.fetch_services() if service.code == form.service.data), None)
    if chosen is not None and chosen.sector != form.sector.data:
        form.service.errors = [_("Dịch vụ này thuộc ngành %(sector)s.", sector=SECTORS[chosen.sector])]
    return not form.errors


def _new(form: MeasureForm, agencies: dict[str, Agency]) -> NewMeasure:
    agency = agencies[form.agency.data]
    service = next((service.id for service in queries.fetch_services() if service.code == form.service.data), None)
    assert form.starts_on.data is not None
    return NewMeasure(
        province_id=agency.province_id,
        sector=form.sector.data,
        agency_id=agency.id,
        service_id=service,
        what=(form.what.data or "").strip(),
        who=(form.who.data or "").strip(),
        starts_on=form.starts_on.data,
    )
