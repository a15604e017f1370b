"""Up to which day citizens' words were dropped for their age, and with them the closed cases about them.

Whoever counts words or cases asks here: what is left of a span that begins before would be told as if it were all.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.installation_flags import Fact, read_fact

_FACT = "words_dropped_before"


def note_dropped_words(session: Session, before: dt.date) -> None:
    """Remember, inside the caller's transaction, that words of days before a day were dropped."""
    session.merge(Fact(key=_FACT, value=before.isoformat()))


def has_all_words(first: dt.date) -> bool:
    """Whether none of what was written from a day on was dropped."""
    before = _dropped_before()
    return before is None or first >= before


@read_once
def _dropped_before() -> dt.date | None:
    text = read_fact(_FACT)
    return None if text is None else dt.date.fromisoformat(text)
