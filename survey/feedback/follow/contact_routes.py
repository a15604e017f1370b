"""/p/<case>/contact: whoever holds a code leaves how they may be reached, or takes it back. No cookie."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey.feedback.codes import normal
from survey.feedback.follow import contacts
from survey.feedback.follow.follow_page import WHY, follow_page, followed, unknown_code
from survey.foundation.access import public

blueprint = Blueprint("follow_contact", __name__)


@blueprint.post("/p/<case>/contact")
@public(WHY, proof="the follow code in the address; there is no session to ride on")
def leave(case: str) -> Response | str | tuple[str, int]:
    """Keep it where consent was given; erase it where that is taken back."""
    feedback_case = followed(case)
    if feedback_case is None:
        return unknown_code(case)
    if "withdraw" in request.form:
        contacts.withdraw_contact(feedback_case.id)
    else:
        typed = request.form.get("contact", "")[: contacts.LONGEST + 1]
        plain = contacts.read_contact(typed)
        if problem := _problem(plain):
            return follow_page(feedback_case, case, contact=typed, contact_problem=problem), 422
        contacts.leave_contact(feedback_case.id, plain or "")
    return redirect(url_for("follow.case", case=normal(case), lang=request.args.get("lang")), 303)


def _problem(plain: str | None) -> str | None:
    if plain is None:
        return str(_("Ghi một số điện thoại (ví dụ 0912 345 678) hoặc một địa chỉ thư điện tử."))
    if "consent" not in request.form:
        return str(_("Đánh dấu ô đồng ý, hoặc không để lại cách liên hệ: mã theo dõi là đủ."))
    return None
