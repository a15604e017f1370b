"""Typing at the desk: a form in seconds by digits and Enter, taken back, typed again by another, handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Action, require
from survey.channels.paper import service
from survey.channels.paper.arrangement import arranged, numbered
from survey.channels.paper.models import HANDED_IN, TYPING
from survey.channels.paper.numbers import printed
from survey.channels.paper.queries import BatchRow, fetch_batch, fetch_entries
from survey.channels.paper.routes import AUDITED_AS_HANDED_IN, blueprint, resource_of
from survey.channels.paper.service import PaperRefused
from survey.channels.paper.typed import KEEP, NUMBER, typed_again
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.formatting import with_count
from survey.foundation.languages.language import current_language
from survey.foundation.storage.database import db
from survey.questionnaires.definition import Definition

ENTER = Action.ENTER_FORMS
LONGEST_REASON = 300
Page = str | AnyResponse | tuple[str, int]


@blueprint.route("/paper/batches/<int:batch_id>", methods=["GET", "POST"])
@needs(ENTER, Of.OBJECT, names=NOTHING, unaudited=AUDITED_AS_HANDED_IN)
def type_forms(batch_id: int) -> Page:
    """Type one form after the other; a form is on disk when the next one is shown."""
    row = _found(batch_id)
    if request.method == "GET":
        return _page(row, {}, {})
    boxes = request.form
    number, form = service.read_fields(row.run, boxes)
    if not form.errors and number is not None:
        try:
            service.keep(row, number, form.content, current_user.id)
            return redirect(url_for("paper.type_forms", batch_id=batch_id), 303)
        except PaperRefused as refusal:
            form.errors[NUMBER] = str(refusal)
    return _page(row, boxes, form.errors), 422


@blueprint.post("/paper/batches/<int:batch_id>/undo")
@needs(ENTER, Of.OBJECT, names=NOTHING, unaudited=AUDITED_AS_HANDED_IN)
def undo(batch_id: int) -> Page:
    """Take back the form typed last: its boxes come back to be mended."""
    row = _found(batch_id)
    try:
        number, content = service.undo(row, current_user.id)
    except PaperRefused as refusal:
        flash(str(refusal), "error")
        return redirect(url_for("paper.type_forms", batch_id=batch_id), 303)
    boxes = typed_again(content) | {NUMBER: printed(number)}
    return _page(_found(batch_id), boxes, {}, taken_back=printed(number))


@blueprint.post("/paper/batches/<int:batch_id>/finish")
@needs(ENTER, Of.OBJECT, names=NOTHING, unaudited=AUDITED_AS_HANDED_IN)
def finish(batch_id: int) -> AnyResponse:
    """End the typing: the pile's count must be met; a sample is drawn."""
    row = _found(batch_id)
    text = request.form.get("expected", "")
    try:
        if text.isascii() and text.isdigit() and 1 <= len(text) <= 4 and int(text) != row.batch.expected:
            service.recount(row, int(text))
        service.finish(row)
    except PaperRefused as refusal:
        flash(str(refusal), "error")
        return redirect(url_for("paper.type_forms", batch_id=batch_id), 303)
    return redirect(url_for("paper.check", batch_id=batch_id), 303)


@blueprint.route("/paper/batches/<int:batch_id>/check", methods=["GET", "POST"])
@needs(ENTER, Of.OBJECT, names=NOTHING, unaudited=AUDITED_AS_HANDED_IN)
def check(batch_id: int) -> Page:
    """Another person types the sample again, without seeing what was typed first."""
    row = _found(batch_id)
    if row.batch.state == TYPING:
        return redirect(url_for("paper.type_forms", batch_id=batch_id), 303)
    if request.method == "GET":
        return _page(row, {}, {}, again=True)
    boxes = request.form
    number, form = service.read_fields(row.run, boxes)
    try:
        if form.errors or number is None:
            return _page(row, boxes, form.errors, again=True), 422
        entry = service.waiting_entry(row, number, current_user.id)
        differing = service.differences(entry.content or {}, form.content)
        decision = boxes.get(KEEP, "")
        if differing and decision not in ("first", "second"):
            return _page(
                row, boxes, {}, again=True, differing=_differing(row, entry.content or {}, boxes, differing)
            ), 422
        service.check(row, number, form.content, current_user.id, keep_second=decision == "second")
    except PaperRefused as refusal:
        return _page(row, boxes, {NUMBER: str(refusal)}, again=True), 422
    return redirect(url_for("paper.check", batch_id=batch_id), 303)


@blueprint.post("/paper/batches/<int:batch_id>/hand-in")
@needs(ENTER, Of.OBJECT, names=NOTHING)
def hand_in(batch_id: int) -> AnyResponse:
    """Give the batch to the door, once its sample was typed again or a reason says why not."""
    row = _found(batch_id)
    reason = request.form.get("reason", "").strip()
    if row.batch.state == HANDED_IN:
        return redirect(url_for("paper.check", batch_id=batch_id), 303)
    try:
        if len(reason) > LONGEST_REASON:
            raise PaperRefused(_("Lý do dài quá 300 ký tự."))
        count = service.hand_in(row, reason)
        flash(with_count("Đã ghi nhận %(n)s phiếu.", count), "success")
    except PaperRefused as refusal:
        flash(str(refusal), "error")
    return redirect(url_for("paper.check", batch_id=batch_id), 303)


def _found(batch_id: int) -> BatchRow:
    row = fetch_batch(db.session(), batch_id)
    if row is None:
        abort(404)
    require(ENTER, resource_of(row.run))
    return row


def _differing(
    row: BatchRow, first: Mapping[str, Any], boxes: Mapping[str, str], names: list[str]
) -> list[tuple[str, str, str]]:
    definition = Definition.parse(row.run.definition)
    places = numbered(definition)
    labels = {item.code: f"{places[item.code]}. {item.label(current_language())}" for item in definition.items}
    labels |= {"respondent_kind": _("Ông/Bà đánh giá với tư cách"), "comment": _("Ý kiến góp ý")}
    before = typed_again(first)
    return [(labels[name], before.get(name, ""), boxes.get(name, "")) for name in names]


def _page(row: BatchRow, boxes: Mapping[str, str], errors: Mapping[str, str], **more: Any) -> str:
    definition = Definition.parse(row.run.definition)
    entries = fetch_entries(db.session(), row.batch.id)
    return render_template(
        "paper/batch.html",
        row=row,
        parts=arranged(definition, current_language()),
        places=numbered(definition),
        asks_kind=definition.asks_kind or row.run.sector == "administration",
        boxes=boxes,
        errors=errors,
        entries=entries,
        waiting=[entry for entry in entries if entry.in_sample and entry.differences is None],
        printed=printed,
        **more,
    )
