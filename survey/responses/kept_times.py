"""Which times are kept of an answer: its day, the hour it was given in and the hour it was received in.

Nothing needs more: days and months are counted, hours are looked at by signals, and late is what was received after a
closing. A copy of the database then tells nobody, who knows when a citizen stood at a counter, which answer is theirs.
"""

from __future__ import annotations

import datetime as dt

HOUR = dt.timedelta(hours=1)


def hour_begins(instant: dt.datetime) -> dt.datetime:
    """The instant at which the hour of another began: when an answer was given, as it is kept.

    Raises:
        ValueError: it has no time zone; databases would take it for one in theirs.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.replace(minute=0, second=0, microsecond=0)


def hour_ends(instant: dt.datetime) -> dt.datetime:
    """The last second of the hour of an instant: when an answer was received, as it is kept.

    The end, so that what comes in the rest of an hour after a closing is late. What came before it in that hour is
    moved to the hour's begin by the closing. A full hour stays what it is.
    """
    begin = hour_begins(instant)
    return begin if instant == begin else begin + HOUR - dt.timedelta(seconds=1)
