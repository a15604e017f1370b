"""Erasing answers with all that hangs on them, and what is over: SQL only."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ForeignKey, delete, select, update
from sqlalchemy.orm import Session

from survey.accounts.models import RecoveryCode, RoleGrant, SecondFactor, SecurityKey, StaffSession, User
from survey.accounts.session_queries import delete_old_sessions
from survey.accounts.sessions import IDLE, LONGEST
from survey.channels.tickets.models import Ticket
from survey.devices.models import PairingCode, QueueFileAnswer
from survey.feedback.erasing_queries import delete_cases
from survey.feedback.models import CLOSED, FeedbackCase
from survey.foundation.batched import batched
from survey.foundation.clock import start_of_day
from survey.foundation.security.throttle_queries import forget_expired
from survey.questionnaires.types.item import counted
from survey.responses.models import NO_SERVICE, AnswerBeyondCapacity, Rating, Response, SearchableComment, Tally

CHUNK = 500  # answers a statement
HANGING = (
    QueueFileAnswer,
    AnswerBeyondCapacity,
    SearchableComment,
    Rating,
)  # each names the answer it belongs to


def fetch_ids_before(session: Session, day: dt.date) -> list[uuid.UUID]:
    """The answers of days before a day."""
    return list(session.scalars(select(Response.id).where(Response.day < day).order_by(Response.id)))


def fetch_present(session: Session, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Those of some answers that are stored."""
    parts = batched(ids, CHUNK)
    return [id_ for part in parts for id_ in session.scalars(select(Response.id).where(Response.id.in_(part)))]


def erase_answers(session: Session, ids: Collection[uuid.UUID]) -> Counter[int]:
    """Erase answers, their ratings, counts, comments and cases; how many there were by province."""
    erased = Counter[int]()
    for part in batched(ids, CHUNK):
        rows = list(session.execute(select(*_CELL, Response.answers).where(Response.id.in_(part))))
        _uncount(session, rows)
        delete_cases(session, FeedbackCase.response_id.in_(part))
        for table in HANGING:
            session.execute(delete(table).where(table.response_id.in_(part)))
        session.execute(delete(Response).where(Response.id.in_(part)))
        erased.update(row[0] for row in rows)
    return erased


_CELL = (Response.province_id, Response.month, Response.agency_id, Response.service_id)


def _uncount(session: Session, rows: Iterable[Any]) -> None:
    """Take the answers out of the counts."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for province_id, month, agency_id, service_id, answers in rows:
        counts.update((province_id, month, agency_id, service_id or NO_SERVICE, *tally) for tally in counted(answers))
    for (province_id, month, agency_id, service_id, item, value), count in sorted(counts.items()):
        cell = (
            (Tally.province_id == province_id)
            & (Tally.month == month)
            & (Tally.agency_id == agency_id)
            & (Tally.service_id == service_id)
            & (Tally.item == item)
            & (Tally.value == value)
        )
        session.execute(update(Tally).where(cell).values(count=Tally.count - count))
    session.execute(delete(Tally).where(Tally.count <= 0))


def drop_comments(session: Session, before: dt.date) -> int:
    """Drop the words of answers of days before a day, and what clerks entered and closed before it; how many.

    Ratings stay. Cases that are not closed keep their words.
    """
    kept = select(FeedbackCase.response_id).where(FeedbackCase.state != CLOSED, FeedbackCase.response_id.is_not(None))
    old = (Response.day < before) & Response.comment.is_not(None) & Response.id.not_in(kept)
    ids = list(session.scalars(select(Response.id).where(old)))
    for part in batched(ids, CHUNK):
        delete_cases(session, FeedbackCase.response_id.in_(part))
        _drop_words(session, part)
    is_over = FeedbackCase.closed_at < start_of_day(before)
    entered = FeedbackCase.response_id.is_(None) & is_over & (FeedbackCase.state == CLOSED)
    entered_ids = list(session.scalars(select(FeedbackCase.id).where(entered)))
    delete_cases(session, entered)
    return len(ids) + len(entered_ids)


def fetch_code_digests(session: Session) -> list[str]:
    """The digests of the codes of all cases."""
    return list(session.scalars(select(FeedbackCase.code_digest)))


def fetch_cases(session: Session, code_digests: Collection[str]) -> list[FeedbackCase]:
    """The cases of some digests of codes."""
    return list(session.scalars(select(FeedbackCase).where(FeedbackCase.code_digest.in_(code_digests))))


def erase_case(session: Session, case: FeedbackCase) -> None:
    """Erase a case with all that hangs on it and the words it came with; the rating beside them stays."""
    response_id = case.response_id
    session.expunge(case)
    delete_cases(session, FeedbackCase.id == case.id)
    if response_id is not None:
        _drop_words(session, [response_id])


def _drop_words(session: Session, ids: Sequence[uuid.UUID]) -> None:
    session.execute(delete(SearchableComment).where(SearchableComment.response_id.in_(ids)))
    session.execute(update(Response).where(Response.id.in_(ids)).values(comment=None))


def drop_tickets(session: Session, expired_before: dt.datetime) -> int:
    """Drop codes that expired."""
    return _count(session, delete(Ticket).where(Ticket.expires_at <= expired_before).returning(Ticket.id))


def drop_pairing_codes(session: Session, expired_before: dt.datetime) -> int:
    """Drop codes that pair nothing any more."""
    gone = delete(PairingCode).where(PairingCode.expires_at <= expired_before)
    return _count(session, gone.returning(PairingCode.code_digest))


def empty_accounts(session: Session, off_before: dt.datetime) -> int:
    """Take name, mail, password, roles and second factor out of accounts; their numbers stay, for the audit log."""
    is_over = User.active.is_(False) & (User.switched_off_at <= off_before) & (User.password_hash != "")
    ids = list(session.scalars(select(User.id).where(is_over)))
    for table in (RoleGrant, SecondFactor, RecoveryCode, SecurityKey, StaffSession):
        session.execute(delete(table).where(table.user_id.in_(ids)))
    for key in _keys_of_own_rows():
        session.execute(delete(User.metadata.tables[key.parent.table.name]).where(key.parent.in_(ids)))
    for id_ in ids:
        nobody = {"username": f"#{id_}", "name": f"#{id_}", "email": "", "password_hash": ""}
        session.execute(update(User).where(User.id == id_).values(**nobody))
    return len(ids)


def _keys_of_own_rows() -> list[ForeignKey]:
    """What other rooms keep for one account alone goes with it: their keys say ON DELETE CASCADE."""
    tables = User.metadata.sorted_tables
    keys = (key for table in tables for key in table.foreign_keys)
    return [key for key in keys if key.ondelete == "CASCADE" and key.column.table.name == User.__tablename__]


def drop_sessions(session: Session, at: dt.datetime) -> int:
    """Drop sessions that are over."""
    return delete_old_sessions(session, at - LONGEST, at - IDLE)


def drop_attempts(session: Session, at: dt.datetime) -> int:
    """Drop counts of attempts whose time is over."""
    return forget_expired(session, at)


def _count(session: Session, statement: Any) -> int:
    return len(session.scalars(statement).all())
