"""Sessions live on the server: what a browser holds is a key to a row, and is worth nothing once the row is gone."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from flask import g, request, session
from flask_login import login_user

from survey.accounts import session_queries as queries
from survey.accounts.held_forms import sign_pages_for
from survey.accounts.models import SecondFactor, StaffSession, User
from survey.accounts.second_factor_queries import fetch_keys
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.identifiers import digest, secret_key
from survey.foundation.storage.database import db, locked, writing

IDLE = dt.timedelta(hours=8)
HOURS = 12
LONGEST = dt.timedelta(hours=HOURS)
FRESH = dt.timedelta(minutes=10)  # whoever signed in since is taken to sit there still
NOTED_EVERY = dt.timedelta(minutes=5)  # so that not every page writes
BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")


class Standing(NamedTuple):
    """What an account is opened with at a moment: its password, as hashed, second factor, as sealed, and keys' ids."""

    password: str
    factor: str | None
    keys: tuple[int, ...]


def standing_of(user: User) -> Standing:
    """What opens the account, as the database says now."""
    factor = db.session.get(SecondFactor, user.id)
    keys = tuple(key.id for key in fetch_keys(user.id))
    return Standing(user.password_hash, factor.sealed_secret if factor is not None else None, keys)


def begin(user: User, proved: Standing) -> bool:
    """Sign the account in at this browser. Nothing from before survives: a session planted by someone is worth nothing.

    An earlier session of this browser ends. False: what was `proved` opens the account no more. Hashing takes a tenth
    of a second: whoever gives the old password again and again would be signed in just after it was changed.
    """
    user_id = user.id
    end_current()
    token, at = secret_key(), now()
    with writing() as database:
        queries.delete_old_sessions(database, at - LONGEST, at - IDLE)
        user = locked(database, User, user_id)
        if not user.active or standing_of(user) != proved:
            return False
        row = StaffSession(
            token_digest=digest(token), user_id=user_id, began_at=at, seen_at=at, browser=browser_words()
        )
        database.add(row)
        database.flush()
        row_id = row.id
    session.clear()
    g.pop("csrf_token", None)  # made for the session of before
    login_user(user)
    session["_user_id"] = token
    sign_pages_for(user_id)
    session.permanent = True
    g.staff_session_id, g.staff_session_began = row_id, at
    return True


def load(token: str) -> User | None:
    """The account of a browser's session, unless it was ended, is too old, or the account is switched off."""
    session_row, at = queries.find_session(digest(token)), now()
    if session_row is None or not session_row.user.active:
        return None
    if session_row.began_at + LONGEST <= at or session_row.seen_at + IDLE <= at:
        return None
    if session_row.seen_at + NOTED_EVERY <= at:
        session_id = session_row.id
        with writing() as database:
            queries.mark_seen(database, session_id, at)
        session_row = queries.find_session(digest(token))
        if session_row is None:
            return None
    g.staff_session_id, g.staff_session_began = session_row.id, session_row.began_at
    return session_row.user


def end_current() -> None:
    """End the session of this browser, here and on the server."""
    staff_session = queries.find_session(digest(str(session.get("_user_id", ""))))
    if staff_session is not None:
        user_id, session_id = staff_session.user_id, staff_session.id
        with writing() as database:
            queries.delete_sessions(database, user_id, only=session_id)
    session.clear()


def end(user_id: int, *, only: int | None = None, but: int | None = None) -> int:
    """End an account's sessions: one, or all but one; how many there were."""
    with writing() as database:
        ended = queries.delete_sessions(database, user_id, only=only, but=but)
        if ended:
            audit.record(database, "end_sessions", "user", user_id, after={"count": ended})
    return ended


def current_id() -> int | None:
    """Which row this request's session is."""
    session_id: int | None = g.get("staff_session_id")
    return session_id


def is_fresh() -> bool:
    """Whether this request's session began a few minutes ago: with the password, so it need not be asked again."""
    began: dt.datetime | None = g.get("staff_session_began")
    return began is not None and began + FRESH > now()


def browser_words() -> str:
    """The kind of browser and system, as far as a person needs to know their own again."""
    agent = request.user_agent.string
    browser = next((name for name in BROWSERS if name in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    known = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "macOS"}
    return ", ".join(known.get(part, part) for part in (browser, system) if part)
