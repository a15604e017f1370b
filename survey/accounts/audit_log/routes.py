"""The audit log of a province, read by administrators and auditors."""

from __future__ import annotations

import datetime as dt
import json
from itertools import islice
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.audit_log.objects import audited_kinds, shown_entries
from survey.accounts.page_queries import AuditFilter, AuditLine, fetch_audit
from survey.accounts.permissions import Action, Resource, grants_allowing, require
from survey.accounts.words import ACTION_WORDS
from survey.foundation.access import Of, needs
from survey.foundation.changes import audit
from survey.foundation.clock import start_of_day
from survey.foundation.pages.form_fields import read_day
from survey.foundation.pages.parameters import whole_number
from survey.foundation.storage.database import writing
from survey.foundation.tables.csv_output import csv_text
from survey.foundation.tables.downloads import streamed
from survey.foundation.text.vietnamese import sort_key
from survey.registry.models import Province
from survey.registry.queries import fetch_provinces, find_province

PAGE = 100
VIEW_AUDIT = Action.VIEW_AUDIT
FILTERS = ("action", "object_type", "object_id", "username", "since", "until")
COLUMNS = ("id", "at", "username", "action", "object_type", "object_id", "before", "after")
blueprint = Blueprint("audit", __name__, url_prefix="/desk/audit")


@blueprint.get("/")
@needs(Action.VIEW_AUDIT, Of.ANYTHING)
def home() -> AnyResponse:
    """The first province whose log the user may read."""
    provinces = fetch_provinces([grant.province_id for grant in grants_allowing(current_user, VIEW_AUDIT)])
    if not provinces:
        abort(404)
    return redirect(url_for("audit.index", province=provinces[0].key))


@blueprint.get("/<province>/")
@needs(Action.VIEW_AUDIT, Of.PROVINCE)
def index(province: str) -> str:
    """Entries with before and after, the newest first; every filter stands in the address."""
    shown_province, wanted = _asked(province)
    lines = list(islice(fetch_audit(wanted, PAGE + 1), PAGE + 1))
    return render_template(
        "accounts/audit.html",
        province=shown_province,
        entries=shown_entries(shown_province, lines[:PAGE]),
        older=lines[PAGE - 1].id if len(lines) > PAGE else None,
        asked={name: request.args.get(name, "").strip() for name in FILTERS},
        actions=_in_order(ACTION_WORDS),
        kinds=_in_order({name: kind.words for name, kind in audited_kinds().items()}),
    )


@blueprint.get("/<province>/log.csv")
@needs(Action.VIEW_AUDIT, Of.PROVINCE)
def file(province: str) -> Response:
    """The same entries for programs: codes and JSON as they are kept. The download is an entry itself."""
    shown_province, wanted = _asked(province)
    after = {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}
    with writing() as session:
        audit.record(
            session, "export_audit", "audit", shown_province.key, province_id=wanted.province_id, after=after or None
        )
    lines = csv_text(COLUMNS, (_row(line) for line in fetch_audit(wanted)))
    headers = {"Content-Disposition": f'attachment; filename="audit-{province}.csv"'}
    return streamed(lines, "text/csv; charset=utf-8", headers)


def _row(line: AuditLine) -> list[object]:
    who = line.username if line.is_ours else ""
    values = [None if state is None else json.dumps(state, ensure_ascii=False) for state in (line.before, line.after)]
    return [line.id, line.at.isoformat(), who, line.action, line.object_type, line.object_id, *values]


def _asked(province: str) -> tuple[Province, AuditFilter]:
    stored_province = find_province(province)
    if stored_province is None:
        abort(404)
    require(VIEW_AUDIT, Resource(stored_province.id))
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    since, until = _day(asked.pop("since")), _day(asked.pop("until"))
    return stored_province, AuditFilter(
        province_id=stored_province.id,
        since=start_of_day(since) if since else None,
        until=start_of_day(until + dt.timedelta(days=1)) if until else None,
        before=whole_number("before"),
        **asked,
    )


def _in_order(words: Any) -> list[tuple[str, str]]:
    return sorted(((code, str(text)) for code, text in words.items()), key=lambda pair: sort_key(pair[1]))


def _day(text: str) -> dt.date | None:
    day = read_day(text) if text else None
    if text and day is None:
        abort(400)
    return day
