"""A reply for everybody: proposed by one of those who answer, published by another, taken back by any of them."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.permissions import Action
from survey.feedback import publishing
from survey.feedback.case_page import ANSWER, blueprint, case_for, render_case
from survey.feedback.forms import PublicationForm
from survey.foundation.access import NOTHING, Of, needs


def _back(case_id: int) -> Response:
    return redirect(url_for("feedback.page", case_id=case_id))


@blueprint.post("/<int:case_id>/propose")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names=NOTHING)
def propose(case_id: int) -> Response | tuple[str, int]:
    """Put forward what everybody would read."""
    case = case_for(case_id, ANSWER)
    form = PublicationForm()
    if not publishing.can_be_published(case):
        flash(
            _("Phản ánh này chưa công khai được: chưa trả lời, hoặc về thái độ, hành vi, khiếu nại, tố cáo."), "error"
        )
    elif not form.validate_on_submit():
        return render_case(case, form), 422
    else:
        publishing.propose(case_id, form.said.data or "", form.reply.data or "", int(current_user.id))
        flash(_("Đã đề nghị công khai; một người khác xem lại rồi công khai."), "success")
    return _back(case_id)


@blueprint.post("/<int:case_id>/publish")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names=NOTHING)
def publish(case_id: int) -> Response:
    """Show a proposed reply to everybody: the second look."""
    case_for(case_id, ANSWER)
    try:
        done = publishing.publish(case_id, int(current_user.id))
    except publishing.SamePersonError:
        flash(_("Người đề nghị không tự công khai: cần một người khác xem lại."), "error")
        return _back(case_id)
    if done:
        flash(_("Đã công khai trả lời."), "success")
    else:
        flash(_("Không có đề nghị nào để công khai; có thể đã được rút lại."), "error")
    return _back(case_id)


@blueprint.post("/<int:case_id>/withdraw")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names=NOTHING)
def withdraw(case_id: int) -> Response:
    """Take it back."""
    case_for(case_id, ANSWER)
    publishing.withdraw(case_id)
    flash(_("Đã rút lại; không ai ngoài cơ quan còn đọc được."), "success")
    return _back(case_id)
