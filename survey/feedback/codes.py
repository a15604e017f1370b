"""The code a citizen follows a case by: 16 symbols made from the response's id and the server's key.

It cannot be guessed (79 bits) or reckoned without the key; sending the same form again shows the same code. Only a
keyed digest is stored, so a copy of the database opens no case.

A kiosk, which may be without a network, draws the code itself and sends only its mark: neither its disk nor the file of
its queue opens a case.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid

from flask import current_app

from survey.foundation.identifiers import READABLE, typed_code
from survey.foundation.security.codes import possible_digests, stored_digest
from survey.foundation.security.keyed import keyed_digests

LENGTH = 16
PURPOSE = "feedback"


def code_of(response_id: uuid.UUID) -> str:
    """The follow code of a response's case."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    number = int.from_bytes(hmac.digest(key, b"feedback:" + response_id.bytes, hashlib.sha256), "big")
    symbols = []
    for _place in range(LENGTH):
        number, symbol = divmod(number, len(READABLE))
        symbols.append(READABLE[symbol])
    return "".join(symbols)


def normal(code: str) -> str:
    """A code as typed by hand, in its normal form; '' if it can be none."""
    return typed_code(code, LENGTH)


def grouped(code: str) -> str:
    """A code as people read it aloud: ABCD-EFGH-JKMN-PQRS."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def digest_of(code: str) -> str:
    """What is stored of a code."""
    return stored_digest(PURPOSE, code)


def digests_of(code: str) -> list[str]:
    """What may be stored of a code, made here or by a kiosk."""
    return [*possible_digests(PURPOSE, code), *keyed_digests(PURPOSE, mark_of(code))]


def mark_of(code: str) -> str:
    """What a kiosk sends of a code it drew: SHA-256 in hex (static/kiosk/reply.js makes the same)."""
    return hashlib.sha256(f"kiosk reply {code}".encode()).hexdigest()
