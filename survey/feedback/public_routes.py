"""/p/<case>: whoever holds a follow code reads the answer and says whether it helped.

No cookie, no name, not even the comment.
"""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey.feedback import verdicts
from survey.feedback.codes import grouped, normal
from survey.feedback.doors import door_of
from survey.feedback.kinds import ELSEWHERE, OUTCOME_WORDS
from survey.feedback.models import FeedbackCase
from survey.feedback.service import find_followed
from survey.feedback.verdicts import can_judge
from survey.foundation.access import public
from survey.foundation.clock import today
from survey.foundation.codes import note_unknown_code, refuse_who_guesses
from survey.foundation.damaged_text import damage
from survey.foundation.light_pages import light_page
from survey.questionnaires.types.cleaning import clean_text

LONGEST = 2000
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
    return _page(feedback_case, case)


@blueprint.post("/p/<case>")
@public(WHY, proof="the follow code in the address; there is no session to ride on")
def judge(case: str) -> Response | str | tuple[str, int]:
    """Take the verdict of whoever holds the code: once an answer."""
    refuse_who_guesses()
    feedback_case = find_followed(case)
    if feedback_case is None:
        note_unknown_code()
        return light_page("feedback/find.html", code=case[:40], wrong=True), 404
    helped, because = request.form.get("helped", ""), clean_text(request.form.get("because", ""))
    if helped not in ("yes", "no"):
        return _page(feedback_case, case, because=because, problem=_("Chọn một trong hai câu.")), 422
    if problem := _problem(because):
        return _page(feedback_case, case, because=because, problem=problem), 422
    verdicts.judge(feedback_case.id, helped=helped == "yes", because=because)
    return redirect(url_for("follow.case", case=normal(case), lang=request.args.get("lang")), 303)


def _problem(because: str) -> str | None:
    if len(because) > LONGEST:
        return str(_("Viết tối đa %(n)s chữ.", n=LONGEST))
    return " ".join(damage(because) or ()) or None


def _page(case: FeedbackCase, code: str, because: str = "", problem: str | None = None) -> str:
    suspected = case.kind in ELSEWHERE and not case.classified_at
    return light_page(
        "feedback/follow.html",
        case=case,
        code=grouped(normal(code)),
        late=case.is_overdue(today()),
        judged=not can_judge(case),
        door=door_of(case.province) if case.redirected or suspected else None,
        outcomes=OUTCOME_WORDS,
        because=because,
        problem=problem,
    )
