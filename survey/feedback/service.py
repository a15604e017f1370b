"""Opens cases, from a citizen's comment or at the desk; finds them by their code."""

from __future__ import annotations

import secrets
import uuid

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.feedback.codes import code_of, digest_of, digests_of, normal
from survey.feedback.deadlines import due_on
from survey.feedback.floods import is_of_flood
from survey.feedback.models import RECEIVED, FeedbackCase
from survey.feedback.queries import CaseOrigin, fetch_asked, find_by_digest, find_of_response, is_digest_stored
from survey.feedback.rules import proposed_kind
from survey.foundation.changes import audit
from survey.foundation.clock import now, today
from survey.foundation.storage.database import db, writing
from survey.responses.kept_times import hour_begins

MOST_CASES = 10**9


def ask_for_reply(response_id: uuid.UUID, *, shares_rating: bool = False) -> str | None:
    """Open a case for whoever wrote the comment; their follow code, None where there is no comment to answer.

    Asked again, the same case and code: a form that is sent twice opens one. Nothing about the asker is stored,
    not even in the audit log. `shares_rating`: the rated agency may see rating and service beside the words.
    """
    try:
        with writing() as session:
            if find_of_response(session, response_id) is None:
                asked = fetch_asked(session, response_id)
                if asked is None or not asked.comment:
                    return None
                case = _new(response_id, asked)
                case.shares_rating, case.set_apart = shares_rating, is_of_flood(session, asked)
                session.add(case)
    except IntegrityError:
        if code_if_opened(response_id) is None:
            raise  # not a double tap that was faster
    return code_of(response_id)


def open_for_mark(session: Session, response_id: uuid.UUID, mark: str) -> None:
    """Open a case for who left words at a kiosk and holds the code of this mark; inside the caller's transaction.

    Once an answer and once a mark; nothing where there are no words, or no longer.
    """
    digest = digest_of(mark)
    if find_of_response(session, response_id) is not None or is_digest_stored(session, digest):
        return
    asked = fetch_asked(session, response_id)
    if asked is not None and asked.comment:
        case = _new(response_id, asked)
        case.code_digest, case.set_apart = digest, is_of_flood(session, asked)
        session.add(case)


def code_if_opened(response_id: uuid.UUID) -> str | None:
    """The follow code of a response that has a case."""
    return code_of(response_id) if find_of_response(db.session(), response_id) else None


def open_case(response_id: uuid.UUID, user_id: int) -> int:
    """Staff open a case about a comment (the caller has asked for the permission); its id, also if it was open already.

    Raises:
        LookupError: there is no such comment.
    """
    try:
        return _open(response_id, user_id)
    except IntegrityError:
        case = find_of_response(db.session(), response_id)
        if case is None:
            raise  # not someone else who was faster
        return int(case.id)


def _open(response_id: uuid.UUID, user_id: int) -> int:
    with writing() as session:
        case = find_of_response(session, response_id)
        if case is None:
            asked = fetch_asked(session, response_id)
            if asked is None or not asked.comment:
                raise LookupError(response_id)
            case = _new(response_id, asked, user_id)
            session.add(case)
            session.flush()
            after = {"state": RECEIVED, "due_on": case.due_on.isoformat()}
            audit.record(session, "open_feedback", "feedback", case.id, province_id=case.province_id, after=after)
        return int(case.id)


def find_followed(code: str) -> FeedbackCase | None:
    """The case whose follow code somebody typed or scanned."""
    plain = normal(code)
    return find_by_digest(digests_of(plain)) if plain else None


def _new(response_id: uuid.UUID, asked: CaseOrigin, user_id: int | None = None) -> FeedbackCase:
    case = new_case(code_of(response_id), asked, user_id)
    case.response_id = response_id
    return case


def new_case(code: str, asked: CaseOrigin, user_id: int | None) -> FeedbackCase:
    """A case that is stored nowhere yet; `user_id` None: the citizen opens it."""
    kind = proposed_kind(asked.comment or "")
    # What a citizen opens tells by its number and time nothing of the order and minute in which people came.
    at = now() if user_id is not None else hour_begins(now())
    return FeedbackCase(
        id=secrets.randbelow(MOST_CASES) + 1,
        code_digest=digest_of(code),
        province_id=asked.province_id,
        sector=asked.sector,
        agency_id=asked.agency_id,
        rating=asked.rating,
        kind=kind,
        state=RECEIVED,
        opened_at=at,
        opened_by_id=user_id,
        due_on=due_on(kind, today()),
    )
