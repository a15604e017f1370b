"""/desk/feedback: comments that wait for an answer, by scope; answering and closing them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.agency_access import UserScope, provinces_seen
from survey.accounts.permissions import Action, Resource, allowed, can_anywhere, require
from survey.feedback import queries, service
from survey.feedback.forms import AnswerForm
from survey.feedback.holding import held_cases, is_above
from survey.feedback.models import ANSWERED, CLOSED, OPEN, STATES, FeedbackCase
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.clock import today
from survey.foundation.database import db
from survey.foundation.identifiers import parse_id
from survey.foundation.sealed import COMMENT, unseal
from survey.foundation.vocabulary import SCALE, SECTORS, SUBJECTS
from survey.responses.masking import mask

VIEW, ANSWER, OPENING = Action.VIEW_COMMENTS, Action.ANSWER_FEEDBACK, Action.OPEN_FEEDBACK
MOST = 500
STATE_WORDS = {OPEN: _l("Đang chờ trả lời"), ANSWERED: _l("Đã trả lời"), CLOSED: _l("Đã khép lại")}

blueprint = Blueprint("feedback", __name__, url_prefix="/desk/feedback")


@blueprint.context_processor
def words() -> dict[str, object]:
    """Words for the templates."""
    return {"states": STATE_WORDS, "scale": SCALE, "sectors": SECTORS, "subjects": SUBJECTS, "mask": mask}


@blueprint.get("")
@needs(Action.VIEW_COMMENTS, Of.ANYTHING)
def index() -> str:
    """The cases the user may see: those that wait, or those in the state asked for."""
    if not can_anywhere(VIEW):
        abort(404)
    state = request.args.get("state", OPEN)
    if state not in (*STATES, "overdue"):
        abort(404)
    scope, day = UserScope(current_user, VIEW), today()
    states = (OPEN,) if state == "overdue" else (state,)
    feedback_cases = queries.fetch_cases({province.id for province in provinces_seen(current_user)}, states, MOST)
    shown = [
        feedback_case
        for feedback_case in feedback_cases
        if scope.allows(feedback_case.province_id, feedback_case.sector, feedback_case.agency_id)
    ]
    if state == "overdue":
        shown = [feedback_case for feedback_case in shown if feedback_case.is_overdue(day)]
    held = held_cases(shown)
    told = [feedback_case for feedback_case in shown if feedback_case.id not in held or is_above(feedback_case, VIEW)]
    return render_template(
        "feedback/index.html",
        cases=told,
        held=held,
        waiting=len(shown) - len(told),
        state=state,
        day=day,
        cut=len(feedback_cases) == MOST,
    )


@blueprint.get("/<int:case_id>")
@needs(Action.VIEW_COMMENTS, Of.OBJECT)
def page(case_id: int) -> str:
    """One case."""
    return _page(_case(case_id, VIEW), AnswerForm())


@blueprint.post("/<int:case_id>/answer")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names=NOTHING)
def answer(case_id: int) -> Response | tuple[str, int]:
    """Answer it: public from now on for whoever holds the code."""
    case = _case(case_id, ANSWER)
    form = AnswerForm()
    if case.state == CLOSED:
        flash(_("Phản ánh đã khép lại nên không sửa được trả lời."), "error")
    elif not form.validate_on_submit():
        return _page(case, form), 422
    else:
        service.answer_case(case_id, form.answer.data or "")
        flash(_("Đã lưu trả lời; người giữ mã đã xem được."), "success")
    return redirect(url_for("feedback.page", case_id=case_id))


@blueprint.post("/<int:case_id>/close")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names=NOTHING)
def close(case_id: int) -> Response:
    """Close an answered case."""
    _case(case_id, ANSWER)
    if service.close_case(case_id):
        flash(_("Đã khép lại phản ánh."), "success")
    else:
        flash(_("Phản ánh chưa được trả lời: trả lời trước rồi mới khép lại."), "error")
    return redirect(url_for("feedback.page", case_id=case_id))


@blueprint.post("/open")
@needs(Action.OPEN_FEEDBACK, Of.FORM, names="the answer with the comment")
def open_from_comment() -> Response:
    """Open a case about a comment."""
    try:
        response_id = parse_id(unseal(COMMENT, request.form.get("response", "")))
    except ValueError:
        abort(404)
    asked = queries.fetch_asked(db.session(), response_id)
    if asked is None or not asked.comment:
        abort(404)
    require(OPENING, Resource(asked.province_id, asked.sector, asked.agency_id))
    case_id = service.open_case(response_id, int(current_user.id))
    flash(_("Đã mở phản ánh."), "success")
    return redirect(url_for("feedback.page", case_id=case_id))


def _case(case_id: int, action: Action) -> FeedbackCase:
    case = queries.fetch_case(case_id)
    if case is None:
        abort(404)
    require(action, _resource(case))
    if held_cases([case]) and not is_above(case, action):
        abort(404)
    return case


def _resource(case: FeedbackCase) -> Resource:
    return Resource(case.province_id, case.sector, case.agency_id)


def _page(case: FeedbackCase, form: AnswerForm) -> str:
    if not form.is_submitted():
        form.answer.data = case.answer
    return render_template(
        "feedback/case.html",
        case=case,
        form=form,
        day=today(),
        ratings={} if held_cases([case]) else queries.fetch_ratings(case.response_id),
        service=queries.fetch_service_name(case.response.service_id),
        may_answer=allowed(ANSWER, _resource(case)),
    )
