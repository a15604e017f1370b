"""Codes that citizens hold: looked up by keyed digests, so a copy of the database opens none, and guessed in vain."""

from __future__ import annotations

import datetime as dt

from flask import abort
from flask_babel import gettext as _

from survey.foundation.identifiers import digest
from survey.foundation.security.keyed import keyed_digest, keyed_digests
from survey.foundation.security.throttle import Limit, exhausted_until, network, take

# Of a network, only codes that do not exist: a hall full of people with receipts never comes near it.
UNKNOWN_CODES = Limit("unknown code", 60, dt.timedelta(hours=1))


def stored_digest(purpose: str, code: str) -> str:
    """What is stored of a code (in its normal form)."""
    return keyed_digest(purpose, code)


def possible_digests(purpose: str, code: str) -> list[str]:
    """What may be stored of a code: also under earlier keys, and without a key where it was printed before 0.2."""
    return [*keyed_digests(purpose, code), digest(code)]


def refuse_who_guesses() -> None:
    """Let a request with a code go on unless too many unknown ones came from its network.

    Raises:
        TooManyRequests: they did.
    """
    if exhausted_until(UNKNOWN_CODES, [network()]):
        abort(429, _("Có quá nhiều mã không đúng từ cùng một nơi. Vui lòng thử lại sau một giờ."))


def note_unknown_code() -> None:
    """Count a code that does not exist."""
    take([(UNKNOWN_CODES, network())])
