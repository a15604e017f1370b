"""Closing and publishing at the desk: preview, warnings, one button each."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from analysis.published import two_people, words
from analysis.published.models import Closing
from analysis.published.queries import fetch_closings, fetch_revisions
from analysis.published.readiness import readiness
from analysis.published.service import NotPossible, close_period, preview, publish_period
from survey.agencies.models import Province
from survey.agencies.queries import fetch_provinces, find_province
from survey.foundation.clock import month_of, now, today
from survey.foundation.periods import Period, shift_month
from survey.staff.permissions import Resource, allowed, grants_allowing, require

blueprint = Blueprint("closing", __name__, url_prefix="/desk/closing")


@blueprint.get("/")
def home() -> Response:
    """Closing begins with the first province the user may close in."""
    provinces = _provinces()
    if not provinces:
        abort(404)
    return redirect(url_for("closing.periods_page", province=provinces[0].key))


@blueprint.get("/<province>/")
def periods_page(province: str) -> str:
    """The finished periods of a province, and how far each has come."""
    found = _province(province, "close_period")
    closings = fetch_closings(found.id)
    codes = dict.fromkeys([*_recent(), *closings])
    periods = sorted(map(Period.parse, codes), key=lambda period: (period.last, len(period.months)), reverse=True)
    return render_template(
        "published/closings.html",
        province=found,
        periods=[(period, closings.get(period.code)) for period in periods],
        two_people=two_people.required(found.key),
        may_switch=allowed("change_settings", Resource(found.id)),
    )


@blueprint.get("/<province>/<period>")
def period_page(province: str, period: str) -> str:
    """What would be published, and what speaks against it yet."""
    found, asked = _province(province, "close_period"), _period(period)
    latest = next(iter(fetch_revisions(found.id, asked.code)), None)
    unpublished = latest if latest and latest.published_at is None else None
    over = asked.ends_at <= now()
    shown = unpublished or Closing(province_id=found.id, period=asked.code, revision=0, closed_at=now())
    return render_template(
        "published/closing.html",
        province=found,
        period=asked,
        latest=latest,
        over=over,
        ready=readiness(found, asked, latest),
        figures=preview(found, asked, shown),
        words=words,
        may_publish=unpublished is not None and two_people.may_publish(found.key, unpublished, current_user),
    )


@blueprint.post("/<province>/<period>/close")
def close(province: str, period: str) -> Response:
    """Close the period, or close it again as the next revision."""
    found, asked = _province(province, "close_period"), _period(period)
    key = found.key
    try:
        closing = close_period(key, asked, current_user._get_current_object())
        flash(_("Đã chốt %(period)s, bản %(n)s.", period=asked.label(), n=closing.revision), "success")
    except NotPossible as problem:
        flash(str(problem), "error")
    return redirect(url_for("closing.period_page", province=key, period=asked.code))


@blueprint.post("/<province>/<period>/publish")
def publish(province: str, period: str) -> Response:
    """Publish the latest closing."""
    found, asked = _province(province, "publish_period"), _period(period)
    key = found.key
    try:
        closing = publish_period(key, asked, current_user._get_current_object())
        flash(_("Đã công bố %(period)s, bản %(n)s.", period=asked.label(), n=closing.revision), "success")
    except NotPossible as problem:
        flash(str(problem), "error")
    return redirect(url_for("closing.period_page", province=key, period=asked.code))


@blueprint.post("/<province>/two-people")
def switch_two_people(province: str) -> Response:
    """Switch the rule of two people on or off for the province."""
    found = _province(province, "change_settings")
    key, province_id = found.key, found.id
    on = two_people.switch(key, province_id)
    flash(
        _("Từ nay người công bố phải khác người chốt.") if on else _("Từ nay một người có thể chốt và công bố."),
        "success",
    )
    return redirect(url_for("closing.periods_page", province=key))


def _province(key: str, action: str) -> Province:
    found = find_province(key)
    if found is None:
        abort(404)
    require(action, Resource(found.id))
    return found


def may_close_anywhere() -> bool:
    """Whether the signed-in user may close the periods of any province as a whole (for the menu)."""
    return bool(current_user.is_authenticated and _provinces())


def _provinces() -> list[Province]:
    grants = grants_allowing(current_user, "close_period")
    return fetch_provinces([grant.province_id for grant in grants if grant.sector is None and grant.agency_id is None])


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
