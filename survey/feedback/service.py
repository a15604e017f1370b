"""Opens, answers and closes cases."""

from __future__ import annotations

import secrets
import uuid

from flask import current_app
from sqlalchemy.exc import IntegrityError

from survey.feedback.codes import code_of, digest_of, digests_of, normal
from survey.feedback.models import ANSWERED, CLOSED, OPEN, FeedbackCase
from survey.feedback.queries import CaseOrigin, fetch_asked, find_by_digest, find_of_response
from survey.foundation import audit, working_days
from survey.foundation.clock import now, today
from survey.foundation.database import db, locked, writing
from survey.foundation.settings import Settings
from survey.responses.kept_times import hour_begins

MOST_CASES = 10**9


def ask_for_reply(response_id: uuid.UUID) -> str | None:
    """Open a case for whoever wrote the comment; their follow code, None where there is no comment to answer.

    Asked again, the same case and code: a form that is sent twice opens one. Nothing about the asker is stored,
    not even in the audit log.
    """
    try:
        with writing() as session:
            if find_of_response(session, response_id) is None:
                asked = fetch_asked(session, response_id)
                if asked is None or not asked.comment:
                    return None
                session.add(_new(response_id, asked))
    except IntegrityError:
        if code_if_opened(response_id) is None:
            raise  # not a double tap that was faster
    return code_of(response_id)


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
            after = {"state": OPEN, "due_on": case.due_on.isoformat()}
            audit.record(session, "open_feedback", "feedback", case.id, province_id=case.province_id, after=after)
        return int(case.id)


def answer_case(case_id: int, text: str) -> None:
    """Answer a case, or change its answer until it is closed."""
    with writing() as session:
        case = locked(session, FeedbackCase, case_id)
        before = {"state": case.state, "answer": case.answer}
        if case.state == CLOSED or (case.state, case.answer) == (ANSWERED, text):
            return
        case.state, case.answer = ANSWERED, text
        case.answered_at = case.answered_at or now()
        after = {"state": ANSWERED, "answer": text}
        audit.record(
            session, "answer_feedback", "feedback", case_id, province_id=case.province_id, before=before, after=after
        )


def close_case(case_id: int) -> bool:
    """Close an answered case; False for one that still waits for its answer."""
    with writing() as session:
        case = locked(session, FeedbackCase, case_id)
        if case.state == ANSWERED:
            case.state, case.closed_at = CLOSED, now()
            before, after = {"state": ANSWERED}, {"state": CLOSED}
            audit.record(
                session, "close_feedback", "feedback", case_id, province_id=case.province_id, before=before, after=after
            )
        return bool(case.state == CLOSED)


def find_followed(code: str) -> FeedbackCase | None:
    """The case whose follow code somebody typed or scanned."""
    plain = normal(code)
    return find_by_digest(digests_of(plain)) if plain else None


def _new(response_id: uuid.UUID, asked: CaseOrigin, user_id: int | None = None) -> FeedbackCase:
    settings: Settings = current_app.extensions["settings"]
    # What a citizen opens tells by its number and time nothing of the order and minute in which people came.
    at = now() if user_id is not None else hour_begins(now())
    return FeedbackCase(
        id=secrets.randbelow(MOST_CASES) + 1,
        response_id=response_id,
        code_digest=digest_of(code_of(response_id)),
        province_id=asked.province_id,
        sector=asked.sector,
        agency_id=asked.agency_id,
        rating=asked.rating,
        state=OPEN,
        opened_at=at,
        opened_by_id=user_id,
        due_on=working_days.after(today(), settings.feedback_working_days),
    )
