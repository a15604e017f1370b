"""Security keys (WebAuthn, level 2) beside the codes of a second factor: what a page that imitates ours cannot get.

A key signs a challenge for one host name: that of PUBLIC_URL. An office that opens the desk by another address is asked
for a code. Challenges travel sealed and open once. Who has lost the key has the codes, so it is offered to whoever has
these.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app, request
from sqlalchemy.orm import Session

from survey.accounts import second_factor
from survey.accounts.models import SecurityKey, User
from survey.accounts.second_factor_queries import delete_key, fetch_keys
from survey.accounts.session_queries import delete_sessions, is_open
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.security.sealed import seal, unseal
from survey.foundation.security.throttle import Limit, take
from survey.foundation.storage.database import locked, writing

if TYPE_CHECKING:  # it brings a list of the world's domains, 4 MB, which few processes ever need
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestedCredentialData

TO_ADD, TO_SIGN_IN = "security key to add", "security key to sign in with"
# Remembered for longer than a challenge can be answered, which is told by whole seconds.
ONCE = Limit("security key: challenge", 1, 2 * second_factor.CONFIRMED_FOR)
MOST = 10  # keys of an account
TOUCH: Any = "discouraged"  # whether the key asks for a PIN: the password is the other factor


@dataclass(frozen=True)
class Asked:
    """What the browser is asked (JSON as WebAuthn's `parse…FromJSON` takes it), and the challenge, sealed."""

    options: str
    sealed: str


def are_possible() -> bool:
    """Whether this page was opened by the host name that keys are bound to."""
    host = _host()
    return bool(host) and not _is_address(host) and request.host.partition(":")[0] == host


def begin_adding(user: User) -> Asked:
    """Ask a key to make a credential for an account."""
    from fido2.webauthn import PublicKeyCredentialUserEntity

    entity = PublicKeyCredentialUserEntity(id=str(user.id).encode(), name=user.username, display_name=user.name)
    known = [_credential(key) for key in fetch_keys(user.id, _host())]
    options, state = _server().register_begin(entity, known, user_verification=TOUCH)
    return _asked(TO_ADD, user.id, options, state)


def add(user: User, sealed: str, answer: str, name: str, session_id: int | None) -> bool:
    """Store what a key answered; False: it is no answer to what was asked, or the session was ended meanwhile.

    Every other session of the account ends.
    """
    user_id, state = user.id, _opened(TO_ADD, user.id, sealed)
    try:
        made = _server().register_complete(state, json.loads(answer)) if state else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        made = None
    if made is None or made.credential_data is None:
        return False
    with writing() as session:
        locked(session, User, user_id)
        if not is_open(session, session_id) or len(fetch_keys(user_id)) >= MOST:
            return False
        key = SecurityKey(user_id=user_id, name=name, host=_host(), credential=bytes(made.credential_data), since=now())
        session.add(key)
        delete_sessions(session, user_id, but=session_id)
        audit.record(session, "add_security_key", "user", user_id, after={"security_key": name})
    return True


def remove(user_id: int, key_id: int, session_id: int | None) -> bool:
    """Take one of an account's keys away; whether it was one. Every other session of the account ends."""
    with writing() as session:
        locked(session, User, user_id)
        name = delete_key(session, user_id, key_id)
        if name is not None:
            delete_sessions(session, user_id, but=session_id)
            audit.record(session, "remove_security_key", "user", user_id, before={"security_key": name})
    return name is not None


def begin_signing_in(user: User) -> Asked | None:
    """Ask an account's keys to sign; None: it has none for this host name."""
    keys = fetch_keys(user.id, _host()) if are_possible() else []
    if not keys:
        return None
    options, state = _server().authenticate_begin([_credential(key) for key in keys], TOUCH)
    return _asked(TO_SIGN_IN, user.id, options, state)


def accept(user: User, sealed: str, answer: str) -> bool:
    """Whether one of the account's keys signed what it was asked to just now, for the first time."""
    state, keys = _opened(TO_SIGN_IN, user.id, sealed), [_credential(key) for key in fetch_keys(user.id, _host())]

    def proves(_session: Session) -> bool:
        try:
            return state is not None and bool(_server().authenticate_complete(state, keys, json.loads(answer)))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return False

    return second_factor.attempt(user, proves)


def _server() -> Fido2Server:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    origin = _origin()
    return Fido2Server(
        PublicKeyCredentialRpEntity(name=second_factor.ISSUER, id=_host()), verify_origin=lambda o: o == origin
    )


def _asked(purpose: str, user_id: int, options: Mapping[str, Any], state: Mapping[str, Any]) -> Asked:
    return Asked(json.dumps(dict(options)["publicKey"]), seal(purpose, json.dumps([user_id, state])))


def _opened(purpose: str, user_id: int, sealed: str) -> dict[str, Any] | None:
    """The challenge of a page made within ten minutes, the first time it is answered."""
    opened = unseal(purpose, sealed, second_factor.SIGNED_IN_WITHIN)
    owner, state = json.loads(opened) if opened else (None, {})
    is_first = owner == user_id and take([(ONCE, str(state["challenge"]))])
    return dict(state) if is_first else None


def _credential(key: SecurityKey) -> AttestedCredentialData:
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(key.credential)


def _origin() -> str:
    parts = urlsplit(current_app.extensions["settings"].public_url)
    return f"{parts.scheme}://{parts.netloc}"


def _host() -> str:
    return urlsplit(current_app.extensions["settings"].public_url).hostname or ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
