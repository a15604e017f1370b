"""/p/<case>: whoever holds a follow code reads the answer. No cookie, no name, not even the comment."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from survey.feedback.codes import grouped, normal
from survey.feedback.service import find_followed
from survey.foundation.access import public
from survey.foundation.clock import today
from survey.foundation.codes import note_unknown_code, refuse_who_guesses
from survey.foundation.light_pages import light_page

WHY = "whoever holds a follow code reads the answer to a comment, and nothing else"

blueprint = Blueprint("follow", __name__)


@blueprint.get("/p/")
@public(
    WHY,
    printed="where citizens type the code of their comment",
)
def find() -> str | Response | tuple[str, int]:
    """Type a code."""
    code = request.args.get("code", "")
    if normal(code):
        return redirect(url_for("follow.case", case=normal(code)))
    page = light_page("feedback/find.html", code=code, wrong=bool(code))
    return page, 404 if code else 200


@blueprint.get("/p/<case>")
@public(
    WHY,
    printed="citizens keep the address under which their comment is answered",
)
def case(case: str) -> str | tuple[str, int]:
    """How far a case has come, and its answer."""
    refuse_who_guesses()
    feedback_case = find_followed(case)
    if feedback_case is None:
        note_unknown_code()
        return light_page("feedback/find.html", code=case[:40], wrong=True), 404
    return light_page(
        "feedback/follow.html", case=feedback_case, code=grouped(normal(case)), late=feedback_case.is_overdue(today())
    )
