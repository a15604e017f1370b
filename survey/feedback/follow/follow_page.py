"""The page that whoever holds a follow code sees: how far the case has come, its answer, and what they may do.

No cookie, no name, not even the comment.
"""

from __future__ import annotations

from survey.feedback.codes import grouped, normal
from survey.feedback.doors import door_of
from survey.feedback.follow.contacts import can_be_left, contact_until
from survey.feedback.follow.verdicts import can_judge
from survey.feedback.kinds import ELSEWHERE, OUTCOME_WORDS
from survey.feedback.models import FeedbackCase
from survey.feedback.service import find_followed
from survey.foundation.clock import today
from survey.foundation.pages.light_pages import light_page
from survey.foundation.security.codes import note_unknown_code, refuse_who_guesses

WHY = "whoever holds a follow code reads the answer to a comment, and nothing else"


def followed(code: str) -> FeedbackCase | None:
    """The case of a code in an address; a code that does not exist is counted.

    Raises:
        TooManyRequests: too many of them came from this network.
    """
    refuse_who_guesses()
    case = find_followed(code)
    if case is None:
        note_unknown_code()
    return case


def unknown_code(code: str) -> tuple[str, int]:
    """Says kindly that there is no such code, to type it again."""
    return light_page("feedback/find.html", code=code[:40], wrong=True), 404


def follow_page(
    case: FeedbackCase,
    code: str,
    *,
    because: str = "",
    problem: str | None = None,
    contact: str = "",
    contact_problem: str | None = None,
) -> str:
    """The page; `because` and `contact` are given back as they were typed, with what is to be mended."""
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
        contact=contact,
        contact_problem=contact_problem,
        contact_until=contact_until(case.id),
        contact_wanted=can_be_left(case),
    )
