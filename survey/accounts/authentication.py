"""Checking a user name and password, with a lockout that lives in the database and so holds over all servers."""

from __future__ import annotations

import datetime as dt
import unicodedata

from sqlalchemy import case, literal, select, update
from sqlalchemy.orm import Session

from survey.accounts.models import User
from survey.accounts.passwords import hash_password, needs_rehash, verify_password
from survey.foundation import audit
from survey.foundation.clock import now
from survey.foundation.database import Instant, db, locked, writing

ATTEMPTS = 5
LOCKED_FOR = dt.timedelta(minutes=15)


def normal_username(text: str) -> str:
    """User names are compared in lower case, without surrounding spaces."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def check_credentials(username: str, password: str) -> User | None:
    """The account, if the password fits and it is neither locked nor switched off.

    Unknown, wrong, locked and switched off all answer None after the same work: a stranger learns nothing.
    Each failure counts; the fifth in a row locks the account for 15 minutes, whatever is typed meanwhile.
    """
    user = db.session.scalar(select(User).where(User.username == normal_username(username)))
    fits = verify_password(user.password_hash if user else None, password)
    if user is None:
        return None
    user_id, is_open = user.id, user.active and not _is_locked(user)
    with writing() as session:
        if not is_open:
            return None
        if not fits:
            _count_failure(session, user_id)
            return None
        return _welcome(session, user_id, password)


def record_sign_in(user_id: int) -> None:
    """Leave the trace of a new session."""
    with writing() as session:
        audit.record(session, "sign_in", "user", user_id, user_id=user_id)


def record_sign_out(user_id: int) -> None:
    """Leave the trace of a session that was ended by hand."""
    with writing() as session:
        audit.record(session, "sign_out", "user", user_id, user_id=user_id)


def set_password(session: Session, user: User, password: str) -> None:
    """Store a new password and sign the account out everywhere; the caller has checked its strength."""
    before = {"password": audit.EARLIER, "locked": _is_locked(user)}
    user.password_hash = hash_password(password)
    user.session_version += 1
    user.failed_logins = 0
    user.locked_until = None
    after = {"password": audit.RENEWED, "locked": False}
    audit.record(session, "set_password", "user", user.id, before=before, after=after)


def _is_locked(user: User) -> bool:
    return user.locked_until is not None and user.locked_until > now()


def _count_failure(session: Session, user_id: int) -> None:
    # In one statement: two servers that fail at once both count.
    failures = User.failed_logins + 1
    locks = failures >= ATTEMPTS
    session.execute(
        update(User)
        .where(User.id == user_id)
        .values(
            failed_logins=case((locks, 0), else_=failures),
            locked_until=case((locks, literal(now() + LOCKED_FOR, Instant())), else_=User.locked_until),
        )
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    if _is_locked(session.get_one(User, user_id)):
        before, after = {"locked": False}, {"locked": True}
        audit.record(session, "lock_account", "user", user_id, user_id=user_id, before=before, after=after)


def _welcome(session: Session, user_id: int, password: str) -> User:
    user = locked(session, User, user_id)
    user.failed_logins = 0
    user.locked_until = None
    if needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
    return user
