"""Text that leaves the server, or lies in the database, and can be read here alone (Fernet; keys from SECRET_KEY)."""

from __future__ import annotations

import base64
import datetime as dt
import zlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from survey.foundation.clock import from_timestamp, is_within, now
from survey.foundation.security.keyed import all_keys, derived_key

COMMENT = "comment"  # whose answer it is, in forms of the desk: pages never print an answer's id


def seal(purpose: str, text: str, at: dt.datetime | None = None) -> str:
    """Encrypt and sign a text for one purpose. `at`: the moment it tells to everybody, by default now."""
    packed = zlib.compress(text.encode())
    return _fernet(purpose).encrypt_at_time(packed, int((at or now()).timestamp())).decode()


def unseal(purpose: str, sealed: str, max_age: int | None = None) -> str | None:
    """What was sealed, within `max_age` seconds; None for anything else."""
    fernet, token = _fernet(purpose), sealed.encode()
    try:
        packed, sealed_at = fernet.decrypt(token), from_timestamp(fernet.extract_timestamp(token))
    except InvalidToken:
        return None
    if max_age is not None and not is_within(max_age, sealed_at):
        return None
    return zlib.decompress(packed).decode()


def _fernet(purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(derived_key(key, f"seal {purpose}"))) for key in all_keys()])
