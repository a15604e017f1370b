"""/desk/targets: every target with its document, clause and quote; a province's own ones are kept here."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from analysis.presentation.phrases import threshold_words
from analysis.targets.catalogue import shipped_codes
from analysis.targets.editing import CHANGE, MANAGE, TARGETS, check_target, details, stored_values
from analysis.targets.forms import ABOUT, TargetForm
from analysis.targets.models import Target
from analysis.targets.queries import fetch_names, fetch_target, fetch_targets
from analysis.targets.service import DUE, ENDED, ON_THE_WAY, REFERENCE, SUPERSEDED, TO_COME, standings_in
from analysis.targets.words import note_of
from survey.accounts.agency_access import UserScope, agencies_seen, province_seen, provinces_seen
from survey.accounts.approvals.approvals import NotPossible, carry_out, required
from survey.accounts.permissions import VIEW, Action, Resource, allowed, can_anywhere, require
from survey.foundation.access import Names, Of, needs
from survey.foundation.clock import today
from survey.foundation.formatting import percent
from survey.foundation.vocabulary import RESPONDENT_KINDS
from survey.registry.files.single_record import EditRefused, seen_version
from survey.registry.models import Province
from survey.registry_pages.forms import choices_of

ORDER = (DUE, ON_THE_WAY, TO_COME, REFERENCE, SUPERSEDED, ENDED)

blueprint = Blueprint("targets", __name__, url_prefix="/desk/targets")


@blueprint.context_processor
def words() -> dict[str, object]:
    """Words for the templates."""
    return {"about": ABOUT, "kinds": RESPONDENT_KINDS, "threshold_words": threshold_words}


@blueprint.get("")
@needs(Action.VIEW, Of.ANYTHING)
def index() -> str:
    """All targets of a province with their standing this year, the province's own first."""
    if not can_anywhere(VIEW):
        abort(404)
    province = province_seen(current_user, request.args.get("province"))
    year, shipped = today().year, shipped_codes()
    scope = UserScope(current_user, VIEW)
    shown = [
        standing
        for standing in standings_in(fetch_targets(province.id), year)
        if standing.target.agency_id is None
        or scope.allows(province.id, standing.target.sector, standing.target.agency_id)
    ]
    shown.sort(key=lambda target_in_year: (ORDER.index(target_in_year.status), target_in_year.target.id))
    return render_template(
        "targets/index.html",
        province=province,
        provinces=provinces_seen(current_user),
        year=year,
        own=[target_in_year for target_in_year in shown if (province.key, target_in_year.target.code) not in shipped],
        of_programmes=[
            target_in_year for target_in_year in shown if (province.key, target_in_year.target.code) in shipped
        ],
        may_add=can_anywhere(MANAGE),
        two_people=required(province.key),
        may_edit=lambda target: allowed(MANAGE, _resource(target)),
        note_of=note_of,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs(Action.MANAGE_TARGETS, Of.ANYTHING, names={"agency": Names.AGENCY})
def new() -> str | Response | tuple[str, int]:
    """Add a target of the province's own."""
    if not can_anywhere(MANAGE):
        abort(404)
    province = province_seen(current_user, request.args.get("province"))
    form = _form(TargetForm(), province)
    if _saved(form, province, new=True):
        return redirect(url_for("targets.index", province=province.key))
    return render_template("targets/form.html", form=form, province=province, target=None), _status(form)


@blueprint.route("/<int:target_id>", methods=["GET", "POST"])
@needs(Action.MANAGE_TARGETS, Of.OBJECT, names={"agency": Names.AGENCY})
def edit(target_id: int) -> str | Response | tuple[str, int]:
    """Change or end one of the province's own targets."""
    target = fetch_target(target_id)
    if target is None:
        abort(404)
    require(MANAGE, _resource(target))
    province, code = target.province, target.code
    if (province.key, code) in shipped_codes():
        abort(403, _("Chỉ tiêu của chương trình đi kèm phần mềm, không sửa được."))
    form = _form(TargetForm(data=_shown(province.key, code)), province)
    form.keep_code(code)
    if _saved(form, province, new=False):
        return redirect(url_for("targets.index", province=province.key))
    return render_template("targets/form.html", form=form, province=province, target=target), _status(form)


def _resource(target: Target) -> Resource:
    return Resource(target.province_id, target.sector, target.agency_id)


def _shown(province: str, code: str) -> dict[str, object]:
    stored = stored_values(province, code)
    return stored | {
        "agency": stored["agency"] or "",
        "threshold": percent(float(stored["threshold"]), 2).replace(",00", ""),
        "respondent_kinds": list(stored["respondent_kinds"]),
        "seen": seen_version(stored),
    }


def _form(form: TargetForm, province: Province) -> TargetForm:
    agencies = choices_of(fetch_names(province.id, _narrowed(province)))
    form.agency.choices = [("", _("cả tỉnh")), *agencies]
    return form


def _narrowed(province: Province) -> list[int] | None:
    ids = agencies_seen(current_user, province.id, MANAGE)
    return None if ids is None else sorted(ids)


def _saved(form: TargetForm, province: Province, *, new: bool) -> bool:
    if not form.validate_on_submit():
        return False
    texts = form.texts((column.name for column in TARGETS.columns), province=province.key)
    seen, user = form.seen.data or "", current_user._get_current_object()
    try:
        check_target(texts, user, new=new, seen=seen)
        code = f"{province.key}/{texts['code']}"
        flash(carry_out(CHANGE, province, code, details(texts, new=new, seen=seen), user), "success")
    except EditRefused as refusal:
        form.take(refusal)
    except NotPossible as problem:
        form.form_errors.append(str(problem))
    return not form.errors


def _status(form: TargetForm) -> int:
    return 422 if form.errors else 200
