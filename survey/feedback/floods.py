"""A flood of reports: none is refused or lost, but what comes beyond an hour's bound waits apart for a clerk's look.

Counted by the network a report comes from, kept as a keyed digest for that hour; never with the report. At a kiosk by
the hour in which it was written: one that was without a network for days sends what many people wrote at once. Its
bound is what a counter can serve (COUNTER_CAPACITY) unless set otherwise: an honest counter cannot come beyond it.
"""

from __future__ import annotations

import datetime as dt

from flask import current_app
from sqlalchemy.orm import Session

from survey.feedback.queries import CaseOrigin
from survey.foundation.configuration.settings import Settings
from survey.foundation.security.throttle import Limit, is_beyond, network


def reports_an_hour() -> int:
    """How many reports of an hour from one network, or written at one kiosk, go straight to those who answer."""
    settings: Settings = current_app.extensions["settings"]
    return settings.feedback_an_hour


def is_of_flood(session: Session, asked: CaseOrigin) -> bool:
    """Count a report that a citizen opens, inside the caller's transaction; whether it is beyond its hour's bound."""
    whence = f"kiosk {asked.counter_id} {asked.answered_at}" if asked.channel == "kiosk" else network()
    return bool(whence) and is_beyond(session, Limit("reports", reports_an_hour(), dt.timedelta(hours=1)), whence)
