"""Writes down that a device was heard of: at once, but for one that sends one answer after the other not each time."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import current_app

from kiosk.device_clock import DeviceClock
from survey.devices.queries import save_contact
from survey.foundation.database import writing

NOTED_EVERY = dt.timedelta(seconds=10)
SAME_SKEW = 1.0  # seconds


def note_contact(device_id: uuid.UUID, clock: DeviceClock, at: dt.datetime) -> None:
    """The device called `at`, and how wrong its clock is; not again when this process noted that a moment ago."""
    noted: dict[uuid.UUID, tuple[dt.datetime, float | None]] = current_app.extensions.setdefault("kiosk_contacts", {})
    skew, before = clock.skew_seconds(at), noted.get(device_id)
    if before and dt.timedelta(0) <= at - before[0] < NOTED_EVERY and not _is_news(skew, before[1]):
        return
    with writing() as session:
        save_contact(session, device_id, at, **({} if skew is None else {"clock_skew_seconds": skew}))
    noted[device_id] = (at, skew)


def _is_news(skew: float | None, before: float | None) -> bool:
    return skew is not None and (before is None or abs(skew - before) >= SAME_SKEW)
