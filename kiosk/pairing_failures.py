"""Devices that could not be paired: whoever holds a valid code reports why it was not used, and the desk says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _

from kiosk import queries
from kiosk.browser_requirements import words_of
from kiosk.pairing import possible_digests
from survey.foundation.clock import now
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Counter

SHOWN_FOR = dt.timedelta(days=7)
Refusal = tuple[dt.datetime, Counter, Agency, list[str]]


class UnknownCodeError(ValueError):
    """The code is unknown, used or too old; says what to do."""


def note_refusal(code: str, parts: Sequence[str]) -> None:
    """Note that the device this code was meant for lacks `parts`. The code stays valid, for when that is mended.

    Raises:
        UnknownCodeError: the code is unknown, used or too old.
    """
    with writing() as session:
        known = queries.mark_code_refused(session, possible_digests(code), now(), ",".join(parts))
    if not known:
        raise UnknownCodeError(_("Mã ghép không đúng, đã dùng hoặc đã hết hạn. Vui lòng xin mã mới."))


def refusals() -> list[Refusal]:
    """The counters whose device could not be paired lately and has not been since, the newest first, and why."""
    rows = queries.fetch_refused_codes(db.session(), now() - SHOWN_FOR)
    return [(at, counter, agency, words_of(parts.split(","))) for at, parts, counter, agency in rows]
