"""Checking a user name and password: counted before it is worked on, over all servers, and never for ever.

Who guesses is stopped by account and network together; an account as a whole, or a network, is closed only to browsers
that the account was never signed in at, so strangers cannot keep its owner out, nor from changing the password. A new
password begins all counts of the account anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from flask import has_request_context
from sqlalchemy.orm import Session

from survey.accounts.browsers import known_browser
from survey.accounts.models import User
from survey.accounts.passwords import hash_password, needs_rehash, verify_password
from survey.accounts.queries import find_user
from survey.accounts.session_queries import delete_sessions
from survey.foundation.changes import audit
from survey.foundation.identifiers import digest
from survey.foundation.security.throttle import Counted, Limit, exhausted_until, give_back, network, take
from survey.foundation.storage.database import db, locked, writing
from survey.foundation.text.vietnamese_text import normal

ATTEMPTS = 5
LOCKED_FOR = dt.timedelta(minutes=15)
PAIR = Limit("sign in: account and network", ATTEMPTS, LOCKED_FOR)
KNOWN = Limit("sign in: account and known browser", 2 * ATTEMPTS, LOCKED_FOR)
ACCOUNT = Limit("sign in: account", 10 * ATTEMPTS, LOCKED_FOR)
NETWORK = Limit("sign in: network", 20 * ATTEMPTS, LOCKED_FOR)


def normal_username(text: str) -> str:
    """User names are compared as one text (`normal`), in lower case, without surrounding spaces."""
    return normal(text).strip().casefold()


def check_credentials(username: str, password: str, *, session_id: int | None = None) -> User | None:
    """The account, if the password fits and it is neither locked nor switched off.

    `session_id`: the session of the account at which its password is asked again.

    Unknown, wrong, locked and switched off all answer None: a stranger learns nothing. The attempt is counted before
    the password is looked at, so a thousand at once are a thousand; where a limit is reached nothing is hashed.
    """
    name = normal_username(username)
    user = find_user(name)
    counted = _counted(name, user, session_id)
    user_id, stored = (user.id, user.password_hash) if user else (None, None)
    if not take(counted):
        return None
    fits = verify_password(stored, password)
    if user_id is None or not fits:
        _note_failure(user_id, counted)
        return None
    give_back(counted, cleared=counted[:1])
    return _welcome(user_id, stored or "", password)


def locked_until(users: Iterable[User]) -> dict[int, dt.datetime]:
    """The accounts that are closed to new browsers at present, and until when."""
    names = {_subject(user.username, user): user.id for user in users}
    return {names[name]: end for name, end in exhausted_until(ACCOUNT, names).items()}


def record_sign_in(user_id: int) -> None:
    """Leave the trace of a new session."""
    with writing() as session:
        audit.record(session, "sign_in", "user", user_id, user_id=user_id)


def record_sign_out(user_id: int) -> None:
    """Leave the trace of a session that was ended by hand."""
    with writing() as session:
        audit.record(session, "sign_out", "user", user_id, user_id=user_id)


def set_password(session: Session, user: User, password: str, *, given_by: int | None = None, first: bool) -> None:
    """Store a new password and sign the account out everywhere; the caller has checked its strength.

    `first`: somebody else knows it, so it must be changed at the next sign-in; `given_by`: who that is.
    """
    user.password_hash = hash_password(password)
    user.must_change_password = first
    if first:
        user.password_given_by_id = given_by
    delete_sessions(session, user.id)
    before, after = {"password": audit.EARLIER}, {"password": audit.RENEWED}
    audit.record(session, "set_password", "user", user.id, before=before, after=after)


def _counted(name: str, user: User | None, session_id: int | None) -> list[Counted]:
    """What an attempt is counted against; the first is what a success clears."""
    subject, origin = _subject(name, user), network()
    browser = known_browser(user.id) if user is not None and has_request_context() else None
    if session_id is not None or browser is not None:
        return [(KNOWN, f"{subject}|{browser or session_id}")]
    return [(PAIR, f"{subject}|{origin}"), (ACCOUNT, subject), (NETWORK, origin)]


def _subject(name: str, user: User | None) -> str:
    return f"{name}|{digest(user.password_hash)[:16]}" if user is not None else f"{name}|"


def _note_failure(user_id: int | None, counted: list[Counted]) -> None:
    locked = any(exhausted_until(limit, [who]) for limit, who in counted if limit is not NETWORK)
    with writing() as session:
        if user_id is None:
            audit.record(session, "sign_in_failed", "sign_in", "unknown")
            return
        audit.record(session, "sign_in_failed", "user", user_id)
        if locked:
            before, after = {"locked": False}, {"locked": True}
            audit.record(session, "lock_account", "user", user_id, before=before, after=after)


def _welcome(user_id: int, fitted: str, password: str) -> User | None:
    """The account, unless its password was changed or it was switched off while the password was checked."""
    if needs_rehash(fitted):
        fitted = _renewed(user_id, fitted, password)
    user: User | None = db.session.get(User, user_id)
    return user if user is not None and user.active and user.password_hash == fitted else None


def _renewed(user_id: int, fitted: str, password: str) -> str:
    made = hash_password(password)
    with writing() as session:
        user = locked(session, User, user_id)
        if user.active and user.password_hash == fitted:
            user.password_hash = made
    return made
