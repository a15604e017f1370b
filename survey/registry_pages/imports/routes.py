"""Importing at the desk: upload, answer what the file does not say, see what would change, confirm, undo."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField

from survey.accounts.permissions import Action
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.pages.form_fields import choices
from survey.foundation.storage.database import writing
from survey.foundation.tables.csv_output import csv_text
from survey.foundation.text.vietnamese_text import normal
from survey.registry.files.given import MoreNeeded
from survey.registry.files.models import ImportDraft
from survey.registry.files.problems import HeaderRefused, ImportRefused
from survey.registry.files.runs import fetch_runs
from survey.registry.files.service import RECORD_KINDS
from survey.registry.files.template import template as template_workbook
from survey.registry.files.undoing import NotUndoable, find_run, undo
from survey.registry_pages.imports.access import (
    check_draft,
    draft_of,
    kinds_allowed,
    look_at,
    run_draft,
    scope_of,
    titles,
)
from survey.registry_pages.imports.choices import offered
from survey.registry_pages.imports.column_words import column_words
from survey.registry_pages.imports.drafts import complete_draft, drop_draft, keep_draft
from survey.registry_pages.imports.foreseen import PROBLEMS_SHOWN, Foreseen
from survey.registry_pages.imports.jobs import CHECK, TAKE_IN, is_long, is_running, start
from survey.registry_pages.imports.kinds import OFFERED

blueprint = Blueprint("imports", __name__, url_prefix="/desk/imports")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ASKED = ("agency", "year", "month", "sheet")


class UploadForm(FlaskForm):
    """A file and what it holds."""

    kind = SelectField(_l("Tệp chứa"))
    file = FileField(_l("Tệp Excel (.xlsx, .xls), LibreOffice (.ods) hoặc CSV"), [FileRequired(_l("Chọn một tệp."))])


@blueprint.route("", methods=["GET", "POST"])
@needs(
    Action.MANAGE_CASELOADS,
    Of.ANYTHING,
    names=NOTHING,
    unaudited="keeps a file for its preview; confirming it is audited",
)
def index() -> str | AnyResponse | tuple[str, int]:
    """Choose a file; it is checked whole and nothing is changed yet."""
    form = UploadForm(data={"kind": request.args.get("kind")})
    form.kind.choices = choices(titles())
    if not form.validate_on_submit():
        return _upload_page(form, None), 422 if form.errors else 200
    kind, name, content = form.kind.data, normal(form.file.data.filename or ""), form.file.data.read()
    draft_id = keep_draft(current_user.id, kind, name, content)
    try:
        check_draft(draft_id)
    except (MoreNeeded, HeaderRefused):
        pass  # the preview asks
    except ImportRefused as refusal:
        return _refused(draft_id, kind, refusal)
    return redirect(url_for("imports.preview", draft_id=draft_id))


@blueprint.get("/<uuid:draft_id>")
@needs(Action.MANAGE_CASELOADS, Of.MAKER)
def preview(draft_id: uuid.UUID) -> str | AnyResponse | tuple[str, int]:
    """What the file would change, or what has to be asked first."""
    draft = draft_of(draft_id)
    if draft.task and (draft.result is None or "broken" in draft.result):
        return render_template("registry/import_running.html", draft=draft, runs=is_running(draft))
    if draft.result and "message" in draft.result:
        return _taken_in(draft_id, draft.kind, draft.result["message"])
    try:
        outcome = look_at(draft)
    except MoreNeeded as more:
        lists = offered(OFFERED[draft.kind].action, more, draft.given)
        return render_template("registry/import_more.html", draft=draft, more=more, lists=lists)
    except HeaderRefused:
        return redirect(url_for("import_columns.choose", draft_id=draft_id))
    except ImportRefused as refusal:
        return _refused(draft_id, draft.kind, refusal)
    return _preview_page(draft, outcome)


@blueprint.post("/<uuid:draft_id>")
@needs(Action.MANAGE_CASELOADS, Of.MAKER, names=NOTHING)
def confirm(draft_id: uuid.UUID) -> AnyResponse | tuple[str, int]:
    """Take the file in, whole, or give it up."""
    draft = draft_of(draft_id)
    kind = draft.kind
    if "discard" in request.form:
        return _given_up(draft)
    if is_long(draft.content):
        start(draft_id, TAKE_IN)
        return redirect(url_for("imports.preview", draft_id=draft_id))
    try:
        message = run_draft(draft, dry_run=False).lines()[-1]
    except ImportRefused as refusal:
        return _refused(draft_id, kind, refusal)
    return _taken_in(draft_id, kind, message)


@blueprint.get("/<uuid:draft_id>/progress")
@needs(Action.MANAGE_CASELOADS, Of.MAKER)
def progress(draft_id: uuid.UUID) -> dict[str, Any]:
    """How far the work on a long file is, for the page that shows it."""
    draft = draft_of(draft_id)
    return {"runs": is_running(draft), "stage": draft.stage, "done": draft.done, "total": draft.total}


@blueprint.post("/<uuid:draft_id>/given")
@needs(Action.MANAGE_CASELOADS, Of.MAKER, names=NOTHING, unaudited="adds what a file on its way in does not say")
def complete(draft_id: uuid.UUID) -> AnyResponse:
    """Answer what the file does not say: its agency, year or month; without any, look at a long file again."""
    draft = draft_of(draft_id)
    complete_draft(draft_id, {name: request.form[name].strip() for name in ASKED if request.form.get(name)})
    if draft.task:
        start(draft_id, CHECK)
    return redirect(url_for("imports.preview", draft_id=draft_id))


@blueprint.post("/runs/<int:run_id>/undo")
@needs(Action.MANAGE_CASELOADS, Of.MAKER, names=NOTHING)
def undo_run(run_id: int) -> AnyResponse:
    """Undo one of one's own imports, whole."""
    run = find_run(run_id)
    if run is None or run.user_id != current_user.id or run.kind not in kinds_allowed():
        abort(404)
    kind = run.kind
    try:
        flash(undo(run_id, RECORD_KINDS, scope_of(kind)).text(), "success")
    except NotUndoable as problem:
        flash(str(problem), "error")
    return redirect(url_for("imports.index", kind=kind))


@blueprint.get("/template/<any(agencies, services, counters, caseloads, targets):kind>.csv")
@needs(Action.MANAGE_AGENCIES, Of.ANYTHING)
def template(kind: str) -> Response:
    """An empty file with the header line."""
    if kind not in kinds_allowed():
        abort(403)
    header = [column.name for column in RECORD_KINDS[kind].columns]
    answer = Response("".join(csv_text(header, [])), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return answer


@blueprint.get("/template/<any(agencies, services, counters, caseloads, targets):kind>.xlsx")
@needs(Action.MANAGE_AGENCIES, Of.ANYTHING)
def workbook(kind: str) -> Response:
    """A workbook to fill in, with lists, an example and a guide."""
    if kind not in kinds_allowed():
        abort(403)
    answer = Response(template_workbook(RECORD_KINDS[kind]), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return answer


def _given_up(draft: ImportDraft) -> AnyResponse:
    if draft.task == TAKE_IN and is_running(draft):
        flash(_("Tệp đang được ghi nên không bỏ được nữa. Khi xong, có thể hoàn tác cả lần nhập."), "error")
        return redirect(url_for("imports.preview", draft_id=draft.id))
    return _taken_in(draft.id, draft.kind, _("Đã bỏ tệp; không có gì thay đổi."))


def _taken_in(draft_id: uuid.UUID, kind: str, message: str) -> AnyResponse:
    with writing() as session:
        drop_draft(session, draft_id)
    flash(message, "success")
    return redirect(url_for("imports.index", kind=kind))


def _refused(draft_id: uuid.UUID, kind: str, refusal: ImportRefused) -> tuple[str, int]:
    with writing() as session:
        drop_draft(session, draft_id)
    form = UploadForm(formdata=None, data={"kind": kind})
    form.kind.choices = choices(titles())
    return _upload_page(form, refusal), 422


def _upload_page(form: UploadForm, refusal: ImportRefused | None) -> str:
    kinds = kinds_allowed()
    return render_template(
        "registry/import.html",
        form=form,
        refusal=refusal,
        problems=refusal.problems[:PROBLEMS_SHOWN] if refusal else (),
        columns={kind: RECORD_KINDS[kind].columns for kind in kinds},
        column_words=column_words,
        titles=titles(),
        runs=fetch_runs(current_user.id, kinds),
    )


def _preview_page(draft: ImportDraft, outcome: Foreseen) -> str:
    title = OFFERED[draft.kind].title
    return render_template(
        "registry/import_preview.html", draft=draft, outcome=outcome, title=title, column_words=column_words
    )
