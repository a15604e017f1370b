"""What the holder of a code says of the answer: it helped, or it did not and the case is looked at once more."""

from __future__ import annotations

from survey.feedback.changing import changing
from survey.feedback.deadlines import due_on
from survey.feedback.models import ANSWERED, ASSIGNED, CLOSED, FeedbackCase
from survey.feedback.publication_queries import delete_publication
from survey.foundation.clock import now, today
from survey.responses.kept_times import hour_begins


def can_judge(case: FeedbackCase) -> bool:
    """Whether this answer was not judged yet: once an answer, so at most twice.

    What was closed as part of a flood, without an answer, may be asked for once more.
    """
    if case.state == CLOSED and case.set_apart:
        return case.reopened_at is None
    answered = case.state == ANSWERED or (case.state == CLOSED and not case.redirected and case.answer is not None)
    return answered and case.helped is None


def judge(case_id: int, *, helped: bool, because: str = "") -> bool:
    """Take the citizen's verdict; False if there was one already. Nothing of who gave it is stored.

    An answer that helped closes the case; one that did not reopens it, once. The second verdict closes it.
    """
    with changing(case_id) as change:
        case = change.case
        if not can_judge(case):
            return False
        at = hour_begins(now())  # as with the asking, only the hour is kept
        if helped or case.reopened_at is not None:
            case.helped, case.state, case.closed_at = helped, CLOSED, case.closed_at or at
            change.step("helped" if helped else "not_helped", at=at)
            return True
        case.reopened_at, case.reopened_because, case.state = at, because or None, ASSIGNED
        case.closed_at, case.reminded_at, case.overdue_told_at = None, None, None
        case.due_on = due_on(case.kind, today())
        delete_publication(change.session, case_id)
        change.step("reopened", at=at, note=because or None)
        return True
