"""/p/<case>: whoever holds a follow code reads the answer and says whether it helped.

No cookie, no name, not even the comment.
"""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey.feedback.codes import normal
from survey.feedback.follow import verdicts
from survey.feedback.follow.follow_page import WHY, follow_page, followed, unknown_code
from survey.foundation.access import public
from survey.foundation.pages.light_pages import light_page
from survey.foundation.text.damaged_text import damage
from survey.questionnaires.types.cleaning import clean_text

LONGEST = 2000

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
    feedback_case = followed(case)
    if feedback_case is None:
        return unknown_code(case)
    return follow_page(feedback_case, case)


@blueprint.post("/p/<case>")
@public(WHY, proof="the follow code in the address; there is no session to ride on")
def judge(case: str) -> Response | str | tuple[str, int]:
    """Take the verdict of whoever holds the code: once an answer."""
    feedback_case = followed(case)
    if feedback_case is None:
        return unknown_code(case)
    helped, because = request.form.get("helped", ""), clean_text(request.form.get("because", ""))
    if helped not in ("yes", "no"):
        return follow_page(feedback_case, case, because=because, problem=_("Chọn một trong hai câu.")), 422
    if problem := _problem(because):
        return follow_page(feedback_case, case, because=because, problem=problem), 422
    verdicts.judge(feedback_case.id, helped=helped == "yes", because=because)
    return redirect(url_for("follow.case", case=normal(case), lang=request.args.get("lang")), 303)


def _problem(because: str) -> str | None:
    if len(because) > LONGEST:
        return str(_("Viết tối đa %(n)s chữ.", n=LONGEST))
    return " ".join(damage(because) or ()) or None
