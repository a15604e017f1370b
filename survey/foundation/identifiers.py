"""Identifiers and codes: made here, checked here."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import unicodedata
import uuid
from typing import Any

from survey.foundation.text.telex import possible_keys
from survey.foundation.text.vietnamese_text import normal

# No 0/O, 1/I/L: codes are read aloud and typed by hand.
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"))
_BEHIND = re.compile(r"[^\w-]+\Z")  # no code ends so: a slash, a full stop, a bracket, a quotation mark, a line's end
CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")


def new_id() -> uuid.UUID:
    """A random identifier (UUID 4)."""
    return uuid.uuid4()


def parse_id(text: object) -> uuid.UUID:
    """Read a UUID in canonical form.

    Raises:
        ValueError: not a string holding a canonical UUID.
    """
    if not isinstance(text, str) or len(text) != 36:
        raise ValueError("not a UUID")
    return uuid.UUID(text)


def readable_code(length: int = 8) -> str:
    """A random code for people: 31 symbols, so 8 of them carry 39 bits."""
    return "".join(secrets.choice(READABLE) for _ in range(length))


def cut_out(text: str) -> str:
    """A code or its address as cut out of a letter or a chat: no sign behind it, a hyphen for each dash."""
    return _BEHIND.sub("", text.translate(_DASHES))


def typed_code(code: str, length: int = 8) -> str:
    """A readable code as typed by hand, also through Telex, in its normal form; '' if it can be none."""
    typed = cut_out("".join(normal(code).split())).replace("-", "").upper()
    return next((keys for keys in possible_keys(typed) if len(keys) == length and set(keys) <= set(READABLE)), "")


def secret_key() -> str:
    """A bearer secret of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """SHA-256 in hex: how secrets and contents are stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def content_hash(content: Any) -> str:
    """Hash of a JSON value in canonical form: NFC text, sorted keys, no spaces.

    Equal contents have equal hashes whatever the order of keys or the Unicode form.
    """
    return digest(unicodedata.normalize("NFC", _canonical(content)))


# Made once: `json.dumps` with options of its own makes an encoder each time.
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def is_code(text: str) -> bool:
    """Whether a text may stand as a code of an agency, service or counter (it appears in URLs)."""
    return bool(CODE.match(text))
