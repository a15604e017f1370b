"""By when a case is to be answered, in working days by kind; when its holder is reminded."""

from __future__ import annotations

import datetime as dt

from flask import current_app

from survey.feedback.rules import rules
from survey.foundation import working_days


def days_for(kind: str) -> int:
    """The working days within which a kind is answered: as the rules say, else FEEDBACK_WORKING_DAYS."""
    return rules().days.get(kind, int(current_app.extensions["settings"].feedback_working_days))


def due_on(kind: str, since: dt.date) -> dt.date:
    """The last day on which an answer is in time."""
    return working_days.after(since, days_for(kind))


def half_way(since: dt.date, due: dt.date) -> dt.date:
    """The working day on which half of the time is over."""
    whole = working_days.between(since + dt.timedelta(days=1), due)
    return working_days.after(since, whole // 2)
