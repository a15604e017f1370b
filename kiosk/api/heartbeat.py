"""What a device says of itself once a minute: queue, version, battery, storage, errors, answers kept apart."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from kiosk.api.heartbeat_schema import Heartbeat
from kiosk.device_clock import DeviceClock
from kiosk.pairing import keep_first_public_key
from kiosk.queries import fetch_latest_counter
from survey.devices.models import Device
from survey.devices.queries import close_other_assignments, save_contact
from survey.foundation.clock import now, parse_instant
from survey.foundation.storage.database import writing
from survey.responses.kept_times import hour_begins


def note_status(device_id: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Store a device's report. A field that makes no sense is left out: a heartbeat must never fail on it."""
    at = now()
    clock, heartbeat = DeviceClock.model_validate(said), Heartbeat.model_validate(said)
    with writing() as session:
        _finish_move(session, device_id, heartbeat.counter, at)
        device = session.get_one(Device, device_id)
        keep_first_public_key(session, device, heartbeat.public_key)
        details = heartbeat.details() | _lost(device, heartbeat.emptied_at)
        queue = {} if heartbeat.missing else _queue(heartbeat, clock, at)
        save_contact(session, device_id, at, clock_skew_seconds=clock.skew_seconds(at), status=details, **queue)


def note_call_for_help(device_id: uuid.UUID, said: Mapping[str, Any]) -> bool:
    """Store what a device says that has lost its signing key with its database; False if that is not what it says.

    Somebody who copied its key could say the same: nothing else is taken from it, and the desk is told so.
    """
    heartbeat = Heartbeat.model_validate(said)
    if not heartbeat.missing and heartbeat.emptied_at is None:
        return False
    with writing() as session:
        details = heartbeat.details() | _lost(session.get_one(Device, device_id), heartbeat.emptied_at)
        save_contact(session, device_id, now(), status=details | {"unsigned": True})
    return True


def _queue(heartbeat: Heartbeat, clock: DeviceClock, at: dt.datetime) -> dict[str, Any]:
    # A device that cannot open its database knows nothing of its queue: then what it said before still stands.
    return {"queue_depth": heartbeat.queue, "oldest_unsent_at": _oldest(heartbeat.oldest, clock, at)}


def _lost(device: Device, emptied_at: str | None) -> dict[str, Any]:
    """How many answers the device last said it held, where it has found its database empty since."""
    if emptied_at is None:
        return {}
    before = device.status or {}
    is_news = before.get("emptied_at") != emptied_at
    return {"emptied_at": emptied_at, "emptied_of": (device.queue_depth or 0) if is_news else before.get("emptied_of")}


def _finish_move(session: Session, device_id: uuid.UUID, counter: str | None, at: dt.datetime) -> None:
    """Once the device asks for its newest counter, the ones before are over."""
    if counter is None:
        return
    counter_id, code = fetch_latest_counter(session, device_id)
    if code == counter:
        close_other_assignments(session, device_id, counter_id, at)


def _oldest(value: str | None, clock: DeviceClock, at: dt.datetime) -> dt.datetime | None:
    try:
        return None if value is None else hour_begins(clock.correct("", parse_instant(value), at).at)
    except (ValueError, OverflowError):
        return None
