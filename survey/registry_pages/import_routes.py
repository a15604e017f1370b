"""Importing at the desk: upload, see what would change, confirm."""

from __future__ import annotations

import uuid
from itertools import islice
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField

from survey.accounts.agency_access import MANAGE_AGENCIES, UserScope
from survey.accounts.permissions import can_anywhere
from survey.foundation.database import writing
from survey.foundation.form_fields import choices
from survey.foundation.tables.csv_output import csv_text
from survey.foundation.text_sanitising import plain
from survey.registry.files.models import ImportDraft
from survey.registry.files.problems import ImportRefused
from survey.registry.files.result import Outcome
from survey.registry.files.service import RECORD_KINDS, import_file
from survey.registry_pages.import_drafts import drop_draft, find_draft, keep_draft
from survey.registry_pages.import_kinds import OFFERED

blueprint = Blueprint("imports", __name__, url_prefix="/desk/imports")

PROBLEMS_SHOWN = 200
CHANGES_SHOWN = 100


class UploadForm(FlaskForm):
    """A file and what it holds."""

    kind = SelectField(_l("Tệp chứa"))
    file = FileField(_l("Tệp CSV (UTF-8) hoặc Excel (.xlsx)"), [FileRequired(_l("Chọn một tệp."))])


@blueprint.route("", methods=["GET", "POST"])
def index() -> str | AnyResponse | tuple[str, int]:
    """Choose a file; it is checked whole and nothing is changed yet."""
    form = UploadForm(data={"kind": request.args.get("kind")})
    form.kind.choices = choices(_titles())
    if not form.validate_on_submit():
        return _upload_page(form, None), 422 if form.errors else 200
    kind, name, content = form.kind.data, plain(form.file.data.filename or ""), form.file.data.read()
    try:
        import_file(kind, name, content, dry_run=True, scope=UserScope(current_user, OFFERED[kind].action))
    except ImportRefused as refusal:
        return _upload_page(form, refusal), 422
    draft_id = keep_draft(current_user.id, kind, name, content)
    return redirect(url_for("imports.preview", draft_id=draft_id))


@blueprint.get("/<uuid:draft_id>")
def preview(draft_id: uuid.UUID) -> str | tuple[str, int]:
    """What the file would change."""
    draft = _draft(draft_id)
    try:
        outcome = _run(draft, dry_run=True)
    except ImportRefused as refusal:
        return _upload_page(_empty_form(draft.kind), refusal), 422
    return _preview_page(draft, outcome)


@blueprint.post("/<uuid:draft_id>")
def confirm(draft_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Take the file in, whole, or give it up."""
    draft = _draft(draft_id)
    kind = draft.kind
    if "discard" in request.form:
        message = _("Đã bỏ tệp; không có gì thay đổi.")
    else:
        try:
            message = _run(draft, dry_run=False).lines()[-1]
        except ImportRefused as refusal:
            return _upload_page(_empty_form(kind), refusal), 422
    with writing() as session:
        drop_draft(session, draft_id)
    flash(message, "success")
    return redirect(url_for("imports.index", kind=kind))


@blueprint.get("/template/<any(agencies, services, counters, caseloads, targets):kind>.csv")
def template(kind: str) -> Response:
    """An empty file with the header line."""
    if kind not in _kinds():
        abort(403)
    header = [column.name for column in RECORD_KINDS[kind].columns]
    answer = Response("".join(csv_text(header, [])), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return answer


def _kinds() -> list[str]:
    services_too = UserScope(current_user, MANAGE_AGENCIES).allows(None)
    kinds = [kind for kind, one in OFFERED.items() if can_anywhere(one.action) and (kind != "services" or services_too)]
    if not kinds:
        abort(404)
    return kinds


def _titles() -> dict[str, str]:
    return {kind: str(OFFERED[kind].title) for kind in _kinds()}


def _draft(draft_id: uuid.UUID) -> ImportDraft:
    draft = find_draft(current_user.id, draft_id)
    if draft is None or draft.kind not in _kinds():
        abort(404)
    return draft


def _run(draft: ImportDraft, *, dry_run: bool) -> Outcome:
    scope = UserScope(current_user, OFFERED[draft.kind].action)
    return import_file(draft.kind, draft.file, draft.content, dry_run=dry_run, scope=scope)


def _empty_form(kind: str) -> UploadForm:
    form = UploadForm(formdata=None, data={"kind": kind})
    form.kind.choices = choices(_titles())
    return form


def _upload_page(form: UploadForm, refusal: ImportRefused | None) -> str:
    problems = refusal.problems[:PROBLEMS_SHOWN] if refusal else ()
    columns = {kind: RECORD_KINDS[kind].columns for kind in _kinds()}
    return render_template(
        "registry/import.html", form=form, refusal=refusal, problems=problems, columns=columns, titles=_titles()
    )


def _preview_page(draft: ImportDraft, outcome: Outcome) -> str:
    changes: list[dict[str, Any]] = [
        {
            "line": change.line,
            "key": " · ".join(str(part) for part in change.key if part),
            "is_new": change.before is None,
            "differences": change.differences() if change.before else {},
        }
        for change in islice(sorted(outcome.changes, key=lambda change: change.before is None), CHANGES_SHOWN)
    ]
    return render_template(
        "registry/import_preview.html", draft=draft, outcome=outcome, changes=changes, title=OFFERED[draft.kind].title
    )
