"""The only place that tells the time. Instants are UTC; days and months are Asia/Ho_Chi_Minh."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

UTC = dt.UTC
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return dt.datetime.now(UTC)


def today() -> dt.date:
    """The present day in Vietnam."""
    return local_day(now())


def is_within(seconds: float, instant: dt.datetime) -> bool:
    """Whether an instant that was signed here is at most so many seconds from now.

    One that is yet to come counts like one that is over: another server's clock is ahead of this one's, or this one's
    was set back since.
    """
    return abs((now() - instant).total_seconds()) <= seconds


def from_timestamp(seconds: float) -> dt.datetime:
    """The instant of a file's time: seconds since 1970 in UTC."""
    return dt.datetime.fromtimestamp(seconds, UTC)


def local_day(instant: dt.datetime) -> dt.date:
    """The Vietnamese calendar day of an aware instant."""
    return instant.astimezone(LOCAL).date()


def month_of(day: dt.date) -> str:
    """The month of a day as stored in the database: ``2026-10``."""
    return f"{day.year:04d}-{day.month:02d}"


def start_of_day(day: dt.date) -> dt.datetime:
    """The instant (UTC) at which a Vietnamese day begins."""
    return dt.datetime.combine(day, dt.time(), LOCAL).astimezone(UTC)


def parse_instant(text: str) -> dt.datetime:
    """Read ISO 8601 with an offset; the result is UTC.

    Raises:
        ValueError: not ISO 8601, or no offset given (a time without a zone is ambiguous).
    """
    instant = dt.datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no UTC offset")
    return instant.astimezone(UTC)
