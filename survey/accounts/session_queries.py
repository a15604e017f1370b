"""Sessions of staff as stored: SQL only."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from survey.accounts.models import StaffSession, User
from survey.foundation.storage.database import db


def find_session(token_digest: str) -> StaffSession | None:
    """A session with its account, the account's roles and second factor."""
    query = select(StaffSession).where(StaffSession.token_digest == token_digest)
    owner = joinedload(StaffSession.user)
    with_user = query.options(owner.joinedload(User.grants), owner.joinedload(User.second_factor))
    staff_session: StaffSession | None = db.session.scalars(with_user).unique().one_or_none()
    return staff_session


def fetch_sessions(user_id: int) -> list[StaffSession]:
    """An account's sessions, the last used first."""
    query = select(StaffSession).where(StaffSession.user_id == user_id)
    return list(db.session.scalars(query.order_by(StaffSession.seen_at.desc(), StaffSession.id.desc())))


def is_open(session: Session, session_id: int | None) -> bool:
    """Whether a session is still there: what took its account from a thief ended it."""
    return session.scalar(select(StaffSession.id).where(StaffSession.id == session_id)) is not None


def mark_seen(session: Session, session_id: int, at: dt.datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(StaffSession).where(StaffSession.id == session_id).values(seen_at=at))


def delete_sessions(session: Session, user_id: int, *, only: int | None = None, but: int | None = None) -> int:
    """End an account's sessions: all, one, or all but one; how many there were."""
    query = delete(StaffSession).where(StaffSession.user_id == user_id)
    if only is not None:
        query = query.where(StaffSession.id == only)
    if but is not None:
        query = query.where(StaffSession.id != but)
    return len(session.scalars(query.returning(StaffSession.id)).all())


def delete_old_sessions(session: Session, began_before: dt.datetime, seen_before: dt.datetime) -> int:
    """Drop sessions that are over; how many there were."""
    is_over = (StaffSession.began_at <= began_before) | (StaffSession.seen_at <= seen_before)
    return len(session.scalars(delete(StaffSession).where(is_over).returning(StaffSession.id)).all())
