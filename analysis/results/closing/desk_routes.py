"""Closing and publishing at the desk: preview, warnings, one button each."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from analysis.periods.models import Closing
from analysis.periods.queries import fetch_closings, fetch_revisions
from analysis.results.closing.changes import CLOSE, KINDS, PUBLISH, RANK, details
from analysis.results.closing.closing_checklist import readiness
from analysis.results.closing.service import next_revision, preview
from analysis.results.publication import phrases
from survey.accounts.approvals import approvals
from survey.accounts.approvals.approvals import ChangeKind, NotPossible
from survey.accounts.approvals.proposal_queries import fetch_proposals, fetch_waiting
from survey.accounts.permissions import Action, Resource, allowed, grants_allowing, require
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.clock import month_of, now, today
from survey.foundation.pages.parameters import read_row_id
from survey.foundation.periods import Period, shift_month
from survey.registry.models import Province
from survey.registry.queries import fetch_provinces, find_province

blueprint = Blueprint("closing", __name__, url_prefix="/desk/closing")


@blueprint.get("/")
@needs(Action.CLOSE_PERIOD, Of.ANYTHING)
def home() -> Response:
    """Closing begins with the first province the user may close in."""
    provinces = _provinces()
    if not provinces:
        abort(404)
    return redirect(url_for("closing.periods_page", province=provinces[0].key))


@blueprint.get("/<province>/")
@needs(Action.CLOSE_PERIOD, Of.PROVINCE)
def periods_page(province: str) -> str:
    """The finished periods of a province, and how far each has come."""
    its_province = _province(province, CLOSE.permission)
    closings = fetch_closings(its_province.id)
    codes = dict.fromkeys([*_recent(), *closings])
    periods = sorted(map(Period.parse, codes), key=lambda period: (period.last, len(period.months)), reverse=True)
    return render_template(
        "results/closings.html",
        province=its_province,
        periods=[(period, closings.get(period.code)) for period in periods],
        waiting={line.proposal.object_id for line in fetch_proposals(its_province.id, waiting=True)},
        two_people=approvals.required(its_province.key),
    )


@blueprint.get("/<province>/<period>")
@needs(Action.CLOSE_PERIOD, Of.PROVINCE)
def period_page(province: str, period: str) -> str:
    """What would be published, what speaks against it yet, and what was closed and published before."""
    its_province, asked = _province(province, CLOSE.permission), _period(period)
    revisions = fetch_revisions(its_province.id, asked.code)
    latest = revisions[0] if revisions else None
    unpublished = latest if latest and latest.published_at is None else None
    shown = unpublished or Closing(province_id=its_province.id, period=asked.code, revision=0, closed_at=now())
    return render_template(
        "results/closing.html",
        province=its_province,
        period=asked,
        revisions=revisions,
        latest=latest,
        unpublished=unpublished,
        next_revision=next_revision(latest),
        over=asked.ends_at <= now(),
        ready=readiness(its_province, asked, latest),
        figures=preview(its_province, asked, shown),
        words=phrases,
        waiting=fetch_waiting(its_province.id, [kind.code for kind in KINDS], asked.code),
        kinds=approvals.change_kinds(),
        may_confirm=approvals.may_confirm,
        may_publish=allowed(PUBLISH.permission, Resource(its_province.id)),
        two_people=approvals.required(its_province.key),
    )


@blueprint.post("/<province>/<period>/close")
@needs(Action.CLOSE_PERIOD, Of.PROVINCE, names=NOTHING)
def close(province: str, period: str) -> Response:
    """Close the period, or close it again as the next revision; or propose it where two people are needed."""
    return _change(CLOSE, province, period)


@blueprint.post("/<province>/<period>/publish")
@needs(Action.PUBLISH_PERIOD, Of.PROVINCE, names=NOTHING)
def publish(province: str, period: str) -> Response:
    """Publish the latest closing; or propose it where two people are needed."""
    return _change(PUBLISH, province, period)


@blueprint.post("/<province>/<period>/ranking")
@needs(Action.PUBLISH_PERIOD, Of.PROVINCE, names=NOTHING)
def ranking(province: str, period: str) -> Response:
    """Propose publishing the ranking of a published year: always another person confirms it."""
    return _change(RANK, province, period)


def _change(kind: ChangeKind, province: str, period: str) -> Response:
    its_province, asked = _province(province, kind.permission), _period(period)
    revision = read_row_id(request.form.get("revision", ""))
    if revision is None:
        abort(400, _("Thiếu số bản; hãy mở lại trang rồi bấm lại."))
    key, user = its_province.key, current_user._get_current_object()
    try:
        flash(approvals.carry_out(kind, its_province, asked.code, details(asked, revision), user), "success")
    except NotPossible as problem:
        flash(str(problem), "error")
    return redirect(url_for("closing.period_page", province=key, period=asked.code))


def _province(key: str, action: Action) -> Province:
    province = find_province(key)
    if province is None:
        abort(404)
    require(action, Resource(province.id))
    return province


def may_close_anywhere() -> bool:
    """Whether the signed-in user may close the periods of any province as a whole (for the menu)."""
    return bool(current_user.is_authenticated and _province_ids())


def _provinces() -> list[Province]:
    return fetch_provinces(_province_ids())


def _province_ids() -> list[int]:
    grants = grants_allowing(current_user, Action.CLOSE_PERIOD)
    return [grant.province_id for grant in grants if grant.sector is None and grant.agency_id is None]


def _period(code: str) -> Period:
    try:
        return Period.parse(code)
    except ValueError:
        abort(404)


def _recent() -> list[str]:
    """The months of the last year, its quarters and halves, and the last three years that are over."""
    this_month = month_of(today())
    months = [shift_month(this_month, -back) for back in range(1, 13)]
    year = today().year
    longer = [f"{y}-{part}" for y in (year, year - 1) for part in ("Q4", "Q3", "Q2", "Q1", "H2", "H1")]
    periods = [*months, *longer, str(year - 1), str(year - 2)]
    return [code for code in periods if Period.parse(code).ends_at <= now()]
