"""What staff do with a case from its page. A form that cannot be taken is given back as it was typed."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey.accounts.permissions import Action
from survey.feedback import flow
from survey.feedback.case_page import ANSWER, blueprint, case_for, classify_form, render_case
from survey.feedback.changing import ChangedMeanwhileError
from survey.feedback.forms import AnswerForm, CaseForm, NoteForm
from survey.feedback.holders import holder_choices
from survey.feedback.kinds import ELSEWHERE
from survey.feedback.models import CLOSED
from survey.foundation.access import NOTHING, Names, Of, needs
from survey.foundation.storage.database import db

Page = Response | tuple[str, int]


def _back(case_id: int) -> Response:
    return redirect(url_for("feedback.page", case_id=case_id))


def _changed(case_id: int, form: CaseForm) -> tuple[str, int]:
    db.session.rollback()
    return render_case(case_for(case_id, ANSWER), form, stale=True), 409


@blueprint.post("/<int:case_id>/classify")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names={"holder": Names.AGENCY})
def classify(case_id: int) -> Page:
    """Decide the kind, and hand it to who is to answer."""
    case = case_for(case_id, ANSWER)
    options = holder_choices(case)
    form = classify_form(case, options)
    if not case.waits:
        flash(_("Phản ánh đã được trả lời hoặc khép lại nên không phân loại lại được."), "error")
        return _back(case_id)
    if not form.validate_on_submit():
        return render_case(case, form), 422
    try:
        decision = flow.Decision(
            form.kind.data, form.regulation.data or "", form.costs.data or "", form.proposal.data or ""
        )
        flow.handle(case_id, decision, options.holders[form.holder.data], form.seen, form.reason.data or "")
    except ChangedMeanwhileError:
        return _changed(case_id, form)
    told = _("Đã khép lại và hướng dẫn người viết đến nơi có thẩm quyền.")
    flash(told if form.kind.data in ELSEWHERE else _("Đã phân loại và giao xử lý."), "success")
    return _back(case_id)


@blueprint.post("/<int:case_id>/answer")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names=NOTHING)
def answer(case_id: int) -> Page:
    """Answer it: public from now on for whoever holds the code."""
    case = case_for(case_id, ANSWER)
    form = AnswerForm(case.kind)
    if case.state == CLOSED:
        flash(_("Phản ánh đã khép lại nên không sửa được trả lời."), "error")
    elif not form.validate_on_submit():
        return render_case(case, form), 422
    else:
        try:
            outcome = form.outcome.data if form.outcome else ""
            flow.answer_case(case_id, form.answer.data or "", outcome, form.seen)
        except ChangedMeanwhileError:
            return _changed(case_id, form)
        flash(_("Đã lưu trả lời; người giữ mã đã xem được."), "success")
    return _back(case_id)


@blueprint.post("/<int:case_id>/note")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names=NOTHING)
def note(case_id: int) -> Page:
    """Note something for colleagues."""
    case = case_for(case_id, ANSWER)
    form = NoteForm()
    if not form.validate_on_submit():
        return render_case(case, form), 422
    flow.add_note(case_id, form.note.data or "")
    flash(_("Đã lưu ghi chú."), "success")
    return _back(case_id)


@blueprint.post("/<int:case_id>/close")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names=NOTHING)
def close(case_id: int) -> Response:
    """Close an answered case."""
    case_for(case_id, ANSWER)
    if flow.close_case(case_id):
        flash(_("Đã khép lại phản ánh."), "success")
    else:
        flash(_("Phản ánh chưa được trả lời: trả lời trước rồi mới khép lại."), "error")
    return _back(case_id)
