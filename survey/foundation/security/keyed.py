"""Digests with a key from SECRET_KEY, which is no part of the database: on a copy of it no code can be tried."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app


def keyed_digest(purpose: str, text: str) -> str:
    """HMAC-SHA-256 in hex under the present key; `purpose` keeps digests for different ends apart."""
    return _digest(str(current_app.config["SECRET_KEY"]), purpose, text)


def keyed_digests(purpose: str, text: str) -> list[str]:
    """The same under the present key and each earlier one (SECRET_KEY_FALLBACKS): what a stored digest may equal."""
    return [_digest(key, purpose, text) for key in all_keys()]


def all_keys() -> list[str]:
    """The present key, then the earlier ones that are still honoured."""
    return [str(current_app.config["SECRET_KEY"]), *current_app.config["SECRET_KEY_FALLBACKS"]]


def derived_key(key: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose."""
    return hmac.digest(key.encode(), f"hai-long {purpose}".encode(), hashlib.sha256)


def _digest(key: str, purpose: str, text: str) -> str:
    return hmac.new(derived_key(key, purpose), text.encode(), hashlib.sha256).hexdigest()
