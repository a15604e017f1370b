"""Replies in public: proposed by one person, published by another, without names and without pointing at few people."""

from __future__ import annotations

from dataclasses import dataclass

from survey.feedback import publication_queries as queries
from survey.feedback.changing import CaseChange, changing
from survey.feedback.kinds import CONDUCT, ELSEWHERE
from survey.feedback.models import ANSWERED, CLOSED, FeedbackCase, FeedbackPublication
from survey.feedback.queries import is_held_back
from survey.foundation.clock import local_day, month_of, today
from survey.responses.comments import searchable

KEPT_INSIDE = ELSEWHERE | {CONDUCT}  # about a person, or not handled here
FEWEST = 10  # answers of a month behind a place or service that is named


class SamePersonError(Exception):
    """Whoever proposed a reply does not publish it."""


@dataclass(frozen=True)
class Place:
    """What is named of where it was said; None: too few answered there for it to hide who wrote."""

    agency_id: int | None
    service_id: int | None


def can_be_published(case: FeedbackCase) -> bool:
    """Whether a reply may be shown to everybody: it is there, about nobody's behaviour, and its answer may be told."""
    ready = case.state in (ANSWERED, CLOSED) and case.answer is not None
    return ready and case.kind not in KEPT_INSIDE and not is_held_back(case)


def propose(case_id: int, said: str, reply: str, user_id: int) -> None:
    """Put forward what would be read by everybody; it replaces an earlier proposal, and takes back what was public."""
    with changing(case_id) as change:
        case = change.case
        if not can_be_published(case):
            return
        publication = queries.find_publication(change.session, case_id)
        if publication is not None and (publication.said, publication.reply) == (said, reply):
            return  # sent twice
        queries.delete_publication(change.session, case_id)
        month = case.response.month if case.response else month_of(local_day(case.opened_at))
        place = _place(change, month)
        names = queries.fetch_names(change.session, place.agency_id, place.service_id)
        change.session.add(
            FeedbackPublication(
                case_id=case_id,
                said=said,
                reply=reply,
                agency_id=place.agency_id,
                service_id=place.service_id,
                month=month,
                folded=searchable(" ".join((said, reply, *names))),
                proposed_by_id=user_id,
            )
        )
        change.step("proposed")
        change.record("propose_reply", {}, {"month": month})  # no words: nothing is ever erased from the log


def _place(change: CaseChange, month: str) -> Place:
    case = change.case
    service_id = case.response.service_id if case.response else None
    if queries.count_answers(change.session, case.agency_id, month) < FEWEST:
        return Place(None, None)
    few = service_id is None or queries.count_answers(change.session, case.agency_id, month, service_id) < FEWEST
    return Place(case.agency_id, None if few else service_id)


def publish(case_id: int, user_id: int) -> bool:
    """Show a proposed reply to everybody; False where there is nothing to publish.

    Raises:
        SamePersonError: the one who proposed it would publish it.
    """
    with changing(case_id) as change:
        publication = queries.find_publication(change.session, case_id)
        if publication is None or not can_be_published(change.case):
            return False
        if publication.proposed_by_id == user_id:
            raise SamePersonError
        if publication.published_on is None:
            publication.published_by_id, publication.published_on = user_id, today()
            change.step("published")
            change.record("publish_reply", {}, {"month": publication.month})
        return True


def withdraw(case_id: int) -> None:
    """Take a reply, proposed or public, back."""
    with changing(case_id) as change:
        withdraw_within(change)


def withdraw_within(change: CaseChange) -> None:
    """The same within another change of the case: what was answered anew, or did not help, is looked at again."""
    publication = queries.find_publication(change.session, change.case.id)
    if publication is not None:
        before = {"month": publication.month}
        queries.delete_publication(change.session, change.case.id)
        change.step("withdrawn")
        change.record("withdraw_reply", before, {})
