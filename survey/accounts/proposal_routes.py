"""What waits for a second person: the list, confirming, withdrawing, and the switch of the rule."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.approvals import approvals
from survey.accounts.approvals.approvals import NotPossible, change_kinds
from survey.accounts.approvals.proposal_queries import ProposalLine, count_waiting, fetch_proposal, fetch_proposals
from survey.accounts.approvals.province_rules import (
    CASELOADS_CONFIRMED,
    SECOND_FACTOR,
    SECOND_FACTOR_OF_ALL,
    TWO_PEOPLE,
    Rule,
    is_on,
)
from survey.accounts.first_steps import safe_next
from survey.accounts.models import CONFIRMED
from survey.accounts.permissions import Action, Resource, allowed, grants_allowing, require
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.pages.form_fields import switched_to
from survey.registry.models import Province
from survey.registry.queries import fetch_provinces, find_province

blueprint = Blueprint("proposals", __name__, url_prefix="/desk/proposals")


@blueprint.get("/")
@needs(Action.CLOSE_PERIOD, Of.ANYTHING)
def home() -> Response:
    """The first province whose proposals the user may see."""
    provinces = fetch_provinces(sorted(_province_ids()))
    if not provinces:
        abort(404)
    return redirect(url_for("proposals.index", province=provinces[0].key))


@blueprint.get("/<province>/")
@needs(Action.CLOSE_PERIOD, Of.ANYTHING)
def index(province: str) -> str:
    """What waits and what was decided of what the user may do, and whether the rule is on."""
    shown_province = _found(province)
    return render_template(
        "accounts/proposals.html",
        province=shown_province,
        waiting=_visible(shown_province, waiting=True),
        decided=_visible(shown_province, waiting=False),
        kinds=change_kinds(),
        confirmed=CONFIRMED,
        may_confirm=approvals.may_confirm,
        two_people=is_on(TWO_PEOPLE, shown_province.key),
        second_factor=is_on(SECOND_FACTOR, shown_province.key),
        second_factor_of_all=is_on(SECOND_FACTOR_OF_ALL, shown_province.key),
        caseloads_confirmed=is_on(CASELOADS_CONFIRMED, shown_province.key),
        may_switch=allowed(approvals.SWITCH, Resource(shown_province.id)),
    )


@blueprint.post("/<province>/<int:proposal_id>/confirm")
@needs(Action.CLOSE_PERIOD, Of.PROVINCE, names=NOTHING)
def confirm(province: str, proposal_id: int) -> Response:
    """Carry out what another person proposed."""
    _require_proposal(province, proposal_id)
    try:
        flash(approvals.confirm(proposal_id, current_user._get_current_object()), "success")
    except NotPossible as problem:
        flash(str(problem), "error")
    return _back(province)


@blueprint.post("/<province>/<int:proposal_id>/withdraw")
@needs(Action.CLOSE_PERIOD, Of.PROVINCE, names=NOTHING)
def withdraw(province: str, proposal_id: int) -> Response:
    """Take a proposal back."""
    _require_proposal(province, proposal_id)
    try:
        approvals.withdraw(proposal_id, current_user._get_current_object())
        flash(_("Đã rút đề nghị."), "success")
    except NotPossible as problem:
        flash(str(problem), "error")
    return _back(province)


@blueprint.post("/<province>/rule")
@needs(Action.CHANGE_SETTINGS, Of.PROVINCE, names=NOTHING)
def switch_rule(province: str) -> Response:
    """Switch the rule of two people on or off for the province."""
    return _switched(province, TWO_PEOPLE, _("Từ nay cần hai người."))


@blueprint.post("/<province>/second-factor")
@needs(Action.CHANGE_SETTINGS, Of.PROVINCE, names=NOTHING)
def switch_second_factor(province: str) -> Response:
    """Switch on or off that those who can do much sign in with a second factor."""
    return _switched(province, SECOND_FACTOR, _("Từ nay bắt buộc xác thực hai bước."))


@blueprint.post("/<province>/second-factor/all")
@needs(Action.CHANGE_SETTINGS, Of.PROVINCE, names=NOTHING)
def switch_second_factor_of_all(province: str) -> Response:
    """Switch on or off that everybody signs in with a second factor."""
    return _switched(province, SECOND_FACTOR_OF_ALL, _("Từ nay bắt buộc xác thực hai bước với mọi tài khoản."))


@blueprint.post("/<province>/caseloads")
@needs(Action.CHANGE_SETTINGS, Of.PROVINCE, names=NOTHING)
def switch_caseloads_confirmed(province: str) -> Response:
    """Switch on or off that the method's owner confirms caseloads."""
    return _switched(
        province, CASELOADS_CONFIRMED, _("Từ nay số hồ sơ của mỗi tháng chờ chủ trì phương pháp xác nhận.")
    )


def _switched(province: str, rule: Rule, said: str) -> Response:
    stored_province = find_province(province)
    if stored_province is None:
        abort(404)
    require(approvals.SWITCH, Resource(stored_province.id))
    on, user = switched_to(), current_user._get_current_object()
    if on == is_on(rule, stored_province.key):
        flash(_("Quy tắc này đang bật.") if on else _("Quy tắc này đang tắt."), "error")
        return _back(province)
    if on:
        approvals.switch_on(rule, stored_province)
        flash(said, "success")
        if rule == TWO_PEOPLE and not approvals.has_second_person(stored_province, user):
            flash(
                _(
                    "Chưa có ai khác tắt lại được quy tắc này cùng Ông/Bà: cần thêm một quản trị viên có mật khẩu do "
                    "người khác cấp, hoặc do người vận hành cấp trên máy chủ."
                ),
                "warning",
            )
        return _back(province)
    try:
        flash(
            approvals.carry_out(approvals.SWITCH_OFF[rule], stored_province, stored_province.key, {}, user), "success"
        )
    except NotPossible as problem:
        flash(str(problem), "error")
    return _back(province)


def waits_anywhere() -> bool:
    """Whether the signed-in user may see proposals of any province (for the menu)."""
    return bool(current_user.is_authenticated and _province_ids())


def count_mine() -> int:
    """How many proposals wait that the signed-in user may see (for the menu)."""
    return count_waiting(_province_ids())


def _province_ids() -> set[int]:
    return {
        grant.province_id
        for kind in change_kinds().values()
        for grant in grants_allowing(current_user, kind.permission)
    }


def _found(key: str) -> Province:
    """A province in which the user may make some of the changes that can wait."""
    province = find_province(key)
    if province is None or province.id not in {grant.province_id for grant in current_user.grants}:
        abort(404)
    if province.id not in _province_ids():
        abort(403)
    return province


def _visible(province: Province, *, waiting: bool) -> list[ProposalLine]:
    return [
        line
        for line in fetch_proposals(province.id, waiting=waiting)
        if line.proposal.proposed_by_id == current_user.id
        or approvals.may_make(line.proposal, province, current_user._get_current_object())
    ]


def _require_proposal(province: str, proposal_id: int) -> None:
    """A proposal of this province that the user made, or whose change they may make; otherwise it is not there."""
    here, stored = find_province(province), fetch_proposal(proposal_id)
    if here is None or stored is None or stored[1].id != here.id or stored[0].kind not in change_kinds():
        abort(404)
    proposal = stored[0]
    kind = change_kinds()[proposal.kind]
    if proposal.proposed_by_id != current_user.id:
        require(kind.permission, kind.resource(here, proposal.details))


def _back(province: str) -> Response:
    asked = request.args.get("next")
    return redirect(safe_next(asked) if asked else url_for("proposals.index", province=province))
