"""The second factor: codes of an authenticator application (TOTP, RFC 6238: 6 digits, 30 s, SHA-1) and recovery codes.

A code is counted as an attempt before it is looked at, is good for the step before and after its own (clocks differ),
and opens once. The secret is encrypted under a key that is no part of the database.
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass

import pyotp
from flask import has_request_context
from sqlalchemy.orm import Session

from survey.accounts import second_factor_queries as queries
from survey.accounts.browsers import known_browser
from survey.accounts.models import SecondFactor, User
from survey.accounts.session_queries import delete_sessions, is_open
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.identifiers import digest, readable_code, typed_code
from survey.foundation.security.keyed import keyed_digest, keyed_digests
from survey.foundation.security.sealed import seal, unseal
from survey.foundation.security.throttle import Counted, Limit, exhausted_until, give_back, take
from survey.foundation.storage.database import locked, writing

STORED, PENDING, STEP = "second factor", "second factor to confirm", "second step of signing in"
ISSUER = "Hai long"  # authenticator applications differ in what else they can show
SECONDS = 30
AROUND = (0, -1, 1)  # steps
CODES, CODE_LENGTH = 10, 10  # recovery codes of 50 bits
CONFIRMED_WITHIN = 3600  # seconds
SIGNED_IN_WITHIN = 600  # seconds after the password
CONFIRMED_FOR = dt.timedelta(seconds=SIGNED_IN_WITHIN)
# Only who knows the password gets here. Of a million codes three are right: at 10 guesses an hour without a pause it
# takes 2.6 years until half of such thieves have found one, and each guess stands in the log.
ACCOUNT = Limit("second step: account", 10, dt.timedelta(hours=1))
KNOWN = Limit("second step: account and known browser", 10, dt.timedelta(minutes=15))


@dataclass(frozen=True)
class Enrolment:
    """A secret on its way into an application; nothing is stored until one of its codes was given back."""

    secret: str
    sealed: str
    address: str

    @property
    def spaced(self) -> str:
        """The secret as it is typed by hand."""
        return " ".join(self.secret[start : start + 4] for start in range(0, len(self.secret), 4))


def begin_enrolment(user: User, sealed: str | None = None) -> Enrolment:
    """A new secret, or the one a form brings back."""
    secret = _opened(PENDING, user.id, sealed, CONFIRMED_WITHIN) if sealed else None
    secret = secret or pyotp.random_base32()
    address = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)
    return Enrolment(secret, _sealed(PENDING, user.id, secret), address)


def turn_on(user_id: int, sealed: str, code: str, session_id: int | None) -> list[str] | None:
    """Store the factor once its application has given a right code; gives the recovery codes, shown this once.

    None: the code is not right, there is a factor already, or the session was ended meanwhile. Every other session of
    the account ends.
    """
    secret = _opened(PENDING, user_id, sealed, CONFIRMED_WITHIN)
    step = matching_step(secret, code) if secret else None
    if secret is None or step is None:
        return None
    codes = _new_codes()
    with writing() as session:
        locked(session, User, user_id)  # nobody signs in meanwhile without it
        if session.get(SecondFactor, user_id) is not None or not is_open(session, session_id):
            return None
        sealed_secret = _sealed(STORED, user_id, secret)
        session.add(SecondFactor(user_id=user_id, sealed_secret=sealed_secret, last_step=step, since=now()))
        queries.replace_recovery_codes(session, user_id, _digests(codes))
        delete_sessions(session, user_id, but=session_id)
        _record(session, "switch_own_second_factor", user_id, before=False, after=True)
    return codes


def accept(user: User, code: str) -> bool:
    """Use a code of the application or a recovery code up; False: not right, used before, or too many attempts."""
    user_id = user.id
    return attempt(user, lambda session: _use(session, user_id, code))


def attempt(user: User, proves: Callable[[Session], bool]) -> bool:
    """Whether something proves who it is; counted before it is looked at. False also after too many attempts."""
    user_id, counted = user.id, _counted(user)
    if not take(counted):
        return False
    with writing() as session:
        is_right = proves(session)
        if not is_right:
            audit.record(session, "second_step_failed", "user", user_id)
    if is_right:
        give_back(counted, cleared=counted)
    return is_right


def is_closed(user: User) -> bool:
    """Whether too many wrong codes were given of late."""
    return any(exhausted_until(limit, [who]) for limit, who in _counted(user))


def renew_codes(user_id: int) -> list[str]:
    """New recovery codes, shown this once; those of before are worth nothing."""
    codes = _new_codes()
    with writing() as session:
        queries.replace_recovery_codes(session, user_id, _digests(codes))
        before, after = {"recovery_codes": audit.EARLIER}, {"recovery_codes": audit.RENEWED}
        audit.record(session, "renew_recovery_codes", "user", user_id, before=before, after=after)
    return codes


def turn_off(
    session: Session, user_id: int, action: str, province_id: int | None = None, *, but: int | None = None
) -> bool:
    """Take the factor away and end the account's sessions (but one); whether there was one.

    The caller has seen that it may.
    """
    locked(session, User, user_id)
    if not queries.delete_factor(session, user_id):
        return False
    delete_sessions(session, user_id, but=but)
    _record(session, action, user_id, before=True, after=False, province_id=province_id)
    return True


def ask_for_code(user: User) -> str:
    """What the page of the second step sends back: who gave the right password just now."""
    return seal(STEP, json.dumps([user.id, digest(user.password_hash)]))


def who_was_asked(sealed: str) -> User | None:
    """The account whose right password was given within ten minutes, and still is its password."""
    opened = unseal(STEP, sealed, SIGNED_IN_WITHIN)
    if opened is None:
        return None
    user_id, password = json.loads(opened)
    user = queries.fetch_user(user_id)
    is_same = user is not None and user.active and digest(user.password_hash) == password
    return user if is_same else None


def matching_step(secret: str, code: str) -> int | None:
    """The step of 30 s since 1970 whose code this is: now's, or the one before or after."""
    plain, present = "".join(code.split()), int(now().timestamp()) // SECONDS
    made = pyotp.TOTP(secret)
    matching = [
        present + around
        for around in AROUND
        if hmac.compare_digest(made.generate_otp(present + around).encode(), plain.encode())
    ]
    return matching[0] if matching else None


def _use(session: Session, user_id: int, code: str) -> bool:
    factor = session.get(SecondFactor, user_id)
    secret = _opened(STORED, user_id, factor.sealed_secret) if factor else None
    step = matching_step(secret, code) if secret else None
    if step is not None:
        return queries.use_step(session, user_id, step)
    plain = typed_code(code, CODE_LENGTH)
    if not plain or not queries.use_recovery_code(session, user_id, keyed_digests("recovery code", plain)):
        return False
    audit.record(session, "use_recovery_code", "user", user_id, after={"recovery_codes": "used"})
    return True


def _counted(user: User) -> list[Counted]:
    """By account: nobody comes here without its password; a new one begins the count anew."""
    subject = f"{user.id}|{digest(user.password_hash)[:16]}"
    browser = known_browser(user.id) if has_request_context() else None
    return [(KNOWN, f"{subject}|{browser}")] if browser is not None else [(ACCOUNT, subject)]


def _new_codes() -> list[str]:
    return [readable_code(CODE_LENGTH) for _number in range(CODES)]


def _digests(codes: list[str]) -> list[str]:
    return [keyed_digest("recovery code", code) for code in codes]


def _sealed(purpose: str, user_id: int, secret: str) -> str:
    return seal(purpose, json.dumps([user_id, secret]))


def _opened(purpose: str, user_id: int, sealed: str, max_age: int | None = None) -> str | None:
    opened = unseal(purpose, sealed, max_age)
    owner, secret = json.loads(opened) if opened else (None, "")
    return secret if owner == user_id else None


def _record(
    session: Session, action: str, user_id: int, *, before: bool, after: bool, province_id: int | None = None
) -> None:
    was, is_now = {"second_factor": before}, {"second_factor": after}
    audit.record(session, action, "user", user_id, province_id=province_id, before=was, after=is_now)
