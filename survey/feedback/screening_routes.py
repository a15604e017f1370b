"""Releasing or closing reports of a flood, from the page of one of them or from the list."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from survey.accounts.permissions import Action
from survey.feedback.case_page import ANSWER, blueprint, case_for
from survey.feedback.reach_queries import reached
from survey.feedback.screening import screen
from survey.feedback.screening_queries import fetch_flood_of
from survey.foundation.access import NOTHING, Of, needs
from survey.foundation.formatting import with_count
from survey.foundation.storage.database import db

MOST_AT_ONCE = 500


@blueprint.post("/<int:case_id>/screen")
@needs(Action.ANSWER_FEEDBACK, Of.OBJECT, names=NOTHING)
def screen_case(case_id: int) -> Response:
    """Release or close a case that waits apart; `all`: with what came about the same agency in the same hour."""
    case = case_for(case_id, ANSWER)
    what = request.form.get("do", "release")
    if what not in ("release", "close"):
        abort(422)
    ids = [case_id]
    if "all" in request.form:
        ids = fetch_flood_of(case, reached(db.session(), current_user, ANSWER), MOST_AT_ONCE)
    done = screen(ids, release=what == "release")
    flash(_told(done, release=what == "release"), "success")
    if "all" in request.form:
        return redirect(url_for("feedback.index", state="screening"))
    return redirect(url_for("feedback.page", case_id=case_id))


def _told(done: int, *, release: bool) -> str:
    if release:
        return with_count("Đã đưa %(n)s phản ánh vào danh sách xử lý.", done)
    return with_count("Đã khép lại %(n)s phản ánh.", done)
