"""The audit log of a province, read by administrators and auditors."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.agencies.queries import fetch_provinces, find_province
from survey.foundation.clock import start_of_day
from survey.staff.page_queries import AuditFilter, fetch_audit, fetch_audit_actions
from survey.staff.permissions import Resource, grants_allowing, require
from survey.staff.words import action_words

PAGE = 100
VIEW_AUDIT = "view_audit"
blueprint = Blueprint("audit", __name__, url_prefix="/desk/audit")


@blueprint.get("/")
def home() -> Response:
    """The first province whose log the user may read."""
    provinces = fetch_provinces([grant.province_id for grant in grants_allowing(current_user, VIEW_AUDIT)])
    if not provinces:
        abort(404)
    return redirect(url_for("audit.index", province=provinces[0].key))


@blueprint.get("/<province>/")
def index(province: str) -> str:
    """Entries with before and after, the newest first; every filter stands in the address."""
    found = find_province(province)
    if found is None:
        abort(404)
    require(VIEW_AUDIT, Resource(found.id))
    asked = request.args
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    wanted = AuditFilter(
        province_id=found.id,
        action=asked.get("action", ""),
        username=asked.get("username", "").strip(),
        since=start_of_day(since) if since else None,
        until=start_of_day(until + dt.timedelta(days=1)) if until else None,
        before=asked.get("before", type=int),
    )
    lines = fetch_audit(wanted, PAGE + 1)
    return render_template(
        "staff/audit.html",
        province=found,
        lines=lines[:PAGE],
        older=lines[PAGE - 1].id if len(lines) > PAGE else None,
        asked=asked,
        actions=[(action, action_words(action)) for action in fetch_audit_actions()],
        action_words=action_words,
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        abort(400)
