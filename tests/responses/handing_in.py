"""Answers handed to the door, and what the tables then hold (inside an application context)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from typing import Any

from sqlalchemy import select

from survey.foundation.storage.database import db
from survey.responses.ingest import Submission, receive
from survey.responses.models import Response, Tally

WHEN = dt.datetime(2026, 10, 5, 2, 41, 7, tzinfo=dt.UTC)
END_OF_HOUR = WHEN.replace(minute=59, second=59)  # all that is kept of when an answer came


def submission(**changes: Any) -> Any:
    """One administration answer at the commune's counter."""
    fields: dict[str, Any] = {
        "id": uuid.uuid4(),
        "questionnaire": "administration",
        "version": 1,
        "counter": "quay-ubnd-ea-tam",
        "service": "ho-tich",
        "answered_at": WHEN,
        "channel": "kiosk",
        "answers": {"overall_service": 5, "overall_procedures": 3},
    }
    return Submission(**(fields | changes))


def statuses(*submissions: Any) -> list[str]:
    return [receipt.status for receipt in receive(submissions)]


def stored() -> list[Any]:
    return list(db.session.scalars(select(Response)))


def tallies() -> dict[tuple[Any, ...], int]:
    rows = db.session.execute(
        select(Tally.month, Tally.agency_id, Tally.service_id, Tally.item, Tally.value, Tally.count)
    )
    return {tuple(row[:5]): row[5] for row in rows}


def recount() -> dict[tuple[Any, ...], int]:
    counts: Counter[tuple[Any, ...]] = Counter()
    for response in stored():
        for item, value in response.answers.items():
            counts[response.month, response.agency_id, response.service_id or 0, item, value] += 1
    return dict(counts)
