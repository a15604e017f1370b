"""A counter where one afternoon's answers look like stuffing: what the signals are for. Deterministic."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

from survey.foundation.clock import LOCAL
from survey.responses.submission import Submission

COUNTER, SERVICE = "DL-XM02-Q1", "CT-BANSAO"
ANSWERS = 36
_NAMESPACE = uuid.UUID("0d0a2f9c-3d1e-4f0f-8d1b-6d7a6d9b8c55")
_EVERY = dt.timedelta(seconds=20)


def burst(last_month: str) -> Iterator[Submission]:
    """Thirty-six full-marks answers in twelve minutes, on the second Tuesday afternoon of the last full month."""
    first = dt.date.fromisoformat(f"{last_month}-01")
    tuesday = first + dt.timedelta(days=(1 - first.weekday()) % 7 + 7)
    start = dt.datetime.combine(tuesday, dt.time(15, 10), LOCAL)
    for number in range(ANSWERS):
        yield Submission(
            id=uuid.uuid5(_NAMESPACE, f"{last_month}/{number}"),
            questionnaire="administration",
            version=1,
            counter=COUNTER,
            service=SERVICE,
            respondent_kind="individual",
            language="vi",
            answered_at=start + number * _EVERY,
            channel="kiosk",
            answers={"overall_service": 5, "overall_procedures": 5},
            comment=None,
        )
