"""Pages of caseloads: which agency owes which month, and the grid of one agency's month."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.agency_access import MANAGE_CASELOADS, UserScope, agency_seen
from survey.accounts.permissions import Action, grants_allowing
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.formatting import with_count
from survey.foundation.periods import Period, shift_month
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SECTORS
from survey.registry.models import Agency, Caseload, Province, Service
from survey.registry_pages.agency_overview import past_months
from survey.registry_pages.caseloads.confirmation import NotConfirmed, confirm, confirmed_month, unconfirmed
from survey.registry_pages.caseloads.grid import GridRow, fill, stored_grid
from survey.registry_pages.caseloads.missing_page import owed_lines
from survey.registry_pages.caseloads.reminder import remind
from survey.registry_pages.caseloads.service import GridRefused, save_grid, seen_month
from survey.registry_pages.forms import RecordForm
from survey.registry_pages.list_labels import words
from survey.registry_pages.page_queries import fetch_month, fetch_service_ids_of, fetch_services

blueprint = Blueprint("caseloads", __name__, url_prefix="/desk")
blueprint.context_processor(words)

MONTHS_OWED = 6


@blueprint.get("/caseloads/owed")
@needs(Action.MANAGE_CASELOADS, Of.ANYTHING)
def owed() -> str:
    """Which agency owes which month."""
    provinces = _provinces()
    province = _province_asked(provinces, request.args.get("province"))
    months = past_months(MONTHS_OWED)
    lines = owed_lines(province, current_user, months)
    return render_template(
        "registry/owed.html",
        province=province,
        provinces=provinces,
        months=months,
        lines=lines if "all" in request.args else [line for line in lines if line.missing],
        owing=sum(bool(line.missing) for line in lines),
        everyone="all" in request.args,
        unconfirmed=unconfirmed(province, months),
    )


@blueprint.post("/caseloads/owed/remind")
@needs(Action.MANAGE_CASELOADS, Of.ANYTHING, names=NOTHING)
def remind_owing() -> Response:
    """Write to every agency of the user's scope that owes caseloads."""
    province = _province_asked(_provinces(), request.args.get("province"))
    outcome = remind(province, owed_lines(province, current_user, past_months(MONTHS_OWED)))
    if outcome.told:
        flash(
            with_count("Đã gửi thư nhắc %(n)s cơ quan: %(names)s.", len(outcome.told), names="; ".join(outcome.told)),
            "success",
        )
    if outcome.lately:
        flash(
            with_count(
                "%(n)s cơ quan vừa được nhắc trong 10 phút qua nên không gửi lần nữa: %(names)s.",
                len(outcome.lately),
                names="; ".join(outcome.lately),
            ),
            "warning",
        )
    if outcome.untold:
        why = _("chưa có địa chỉ thư") if outcome.has_server else _("máy chủ thư chưa được thiết lập (SMTP_URL)")
        said = {"n": len(outcome.untold), "why": why, "names": "; ".join(outcome.untold)}
        flash(_("%(n)s cơ quan chưa nhận được thư (%(why)s), hãy gọi điện: %(names)s.", **said), "warning")
    return redirect(url_for("caseloads.owed", province=province.key))


@blueprint.route("/agencies/<code>/caseloads/<month>", methods=["GET", "POST"])
@needs(Action.MANAGE_CASELOADS, Of.OBJECT, names=NOTHING)
def month_page(code: str, month: str) -> str | Response | tuple[str, int]:
    """Enter and correct an agency's caseloads of a month."""
    agency = agency_seen(current_user, code)
    scope = UserScope(current_user, MANAGE_CASELOADS)
    sectors = scope.sectors(agency.province_id, agency.id)
    if not sectors:
        abort(403)
    _check_month(month)
    form = RecordForm()
    others, grid, stored = _grid(agency, month, sectors)
    if "more" in request.form:  # one more row; what was typed stands as it was, unsaved
        fill(grid, request.form)
        return _page(agency, month, grid, others, form, None)
    if form.validate_on_submit():
        fill(grid, request.form)
        try:
            save_grid(agency, month, grid, scope, form.seen.data or "")
        except GridRefused as refusal:
            return _page(agency, month, grid, others, form, str(refusal)), 422
        flash(_("Đã lưu số liệu tháng."), "success")
        return redirect(url_for("caseloads.month_page", code=code, month=_month_next(month)))
    form.seen.data = seen_month(stored)
    return _page(agency, month, grid, others, form, None)


@blueprint.post("/agencies/<code>/caseloads/<month>/confirm")
@needs(Action.CONFIRM_CASELOADS, Of.OBJECT, names=NOTHING)
def confirm_month(code: str, month: str) -> Response:
    """Confirm an agency's caseloads of a month, in the sectors the user answers for."""
    agency = agency_seen(current_user, code)
    sectors = UserScope(current_user, Action.CONFIRM_CASELOADS).sectors(agency.province_id, agency.id)
    if not sectors:
        abort(403)
    _check_month(month)
    try:
        confirm(agency, month, sectors, request.form.get("seen", ""), current_user._get_current_object())
        flash(_("Đã xác nhận số hồ sơ của tháng."), "success")
    except NotConfirmed as problem:
        flash(str(problem), "error")
    return redirect(url_for("caseloads.month_page", code=code, month=month))


def _page(
    agency: Agency, month: str, grid: list[GridRow], others: list[Service], form: RecordForm, problem: str | None
) -> str:
    return render_template(
        "registry/caseloads.html",
        agency=agency,
        month=month,
        previous=shift_month(month, -1),
        following=shift_month(month, 1),
        grid=grid,
        others=others,
        added=_added(),
        form=form,
        problem=problem,
        confirmed=(confirmed := confirmed_month(agency, month)),
        waiting=", ".join(str(SECTORS[sector]) for sector in confirmed.waiting) if confirmed else "",
        may_confirm=bool(UserScope(current_user, Action.CONFIRM_CASELOADS).sectors(agency.province_id, agency.id)),
    )


def _grid(agency: Agency, month: str, sectors: list[str]) -> tuple[list[Service], list[GridRow], list[Caseload]]:
    known = fetch_service_ids_of(agency.id)
    added = _added()
    services = fetch_services(sectors)
    shown = [service for service in services if service.id in known or service.code in added]
    others = [service for service in services if service not in shown]
    stored = fetch_month(agency.id, month)
    return others, stored_grid(shown, stored), stored


def _added() -> list[str]:
    """The services put into the table by hand; `another` only where its own button was pressed."""
    return request.values.getlist("add") + (request.form.getlist("another") if "more" in request.form else [])


def _month_next(month: str) -> str:
    """Where to go after saving: the month beside it whose button was pressed, or the same."""
    steps = {"previous": -1, "following": 1}
    return shift_month(month, steps.get(request.form.get("then", ""), 0))


def _province_asked(provinces: list[Province], key: str | None) -> Province:
    province = next((province for province in provinces if key in (None, province.key)), None)
    if province is None:
        abort(404)
    return province


def _check_month(month: str) -> None:
    try:
        is_month = Period.parse(month).kind == "month"
    except ValueError:
        is_month = False
    if not is_month:
        abort(404)


def _provinces() -> list[Province]:
    ids = {grant.province_id for grant in grants_allowing(current_user, MANAGE_CASELOADS)}
    return [db.session.get_one(Province, id_) for id_ in sorted(ids)]
