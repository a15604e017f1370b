"""What a device says of itself once a minute: queue, version, battery, storage, errors, answers kept apart."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from kiosk.browser_requirements import known_parts
from kiosk.device_clock import DeviceClock
from kiosk.pairing import keep_first_public_key
from kiosk.queries import fetch_latest_counter
from survey.devices.models import Device
from survey.devices.queries import close_other_assignments, save_contact
from survey.foundation.clock import now, parse_instant
from survey.foundation.database import writing
from survey.foundation.identifiers import is_code

TEXT_LIMIT = 300
LIST_LIMIT = 50
_COUNT_LIMIT = 2**31 - 1


def note_status(device_id: uuid.UUID, said: Mapping[str, Any]) -> None:
    """Store a device's report. A field that makes no sense is left out: a heartbeat must never fail on it."""
    at = now()
    clock = DeviceClock.parse(said)
    with writing() as session:
        _finish_move(session, device_id, said.get("counter"), at)
        device = session.get_one(Device, device_id)
        keep_first_public_key(session, device, said.get("public_key"))
        details = _details(said) | _lost(device, said)
        queue = {} if "missing" in details else _queue(said, clock, at)
        save_contact(session, device_id, at, clock_skew_seconds=clock.skew_seconds(at), status=details, **queue)


def _queue(said: Mapping[str, Any], clock: DeviceClock, at: dt.datetime) -> dict[str, Any]:
    # A device that cannot open its database knows nothing of its queue: then what it said before still stands.
    return {"queue_depth": _count(said.get("queue")), "oldest_unsent_at": _oldest(said.get("oldest"), clock, at)}


def _lost(device: Device, said: Mapping[str, Any]) -> dict[str, Any]:
    """How many answers the device last said it held, where it has found its database empty since."""
    emptied_at = _text(said.get("emptied_at"))
    if emptied_at is None:
        return {}
    before = device.status or {}
    is_news = before.get("emptied_at") != emptied_at
    return {"emptied_at": emptied_at, "emptied_of": (device.queue_depth or 0) if is_news else before.get("emptied_of")}


def _finish_move(session: Any, device_id: uuid.UUID, counter: object, at: dt.datetime) -> None:
    """Once the device asks for its newest counter, the ones before are over."""
    if not isinstance(counter, str) or not is_code(counter):
        return
    counter_id, code = fetch_latest_counter(session, device_id)
    if code == counter:
        close_other_assignments(session, device_id, counter_id, at)


def _details(said: Mapping[str, Any]) -> dict[str, Any]:
    details = {
        "version": _text(said.get("version")),
        "battery": _fraction(said.get("battery")),
        "charging": _flag(said.get("charging")),
        "storage_used": _count(said.get("storage_used"), limit=2**53),
        "storage_quota": _count(said.get("storage_quota"), limit=2**53),
        "persisted": _flag(said.get("persisted")),
        "errors": _reports(said.get("errors"), ("at", "message")),
        "refused": _reports(said.get("refused"), ("id", "status", "problem", "answered_at")),
        "refused_count": _count(said.get("refused_count")),
        "disk_refused_at": _text(said.get("disk_refused_at")),
        "missing": known_parts(said.get("missing")) or None,
    }
    return {name: value for name, value in details.items() if value is not None}


def _reports(value: object, fields: tuple[str, ...]) -> list[dict[str, str]] | None:
    if not isinstance(value, list):
        return None
    entries = [entry for entry in value[:LIST_LIMIT] if isinstance(entry, dict)]
    return [{name: text for name in fields if (text := _text(entry.get(name))) is not None} for entry in entries]


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    kept = value[:TEXT_LIMIT].encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else " " for c in kept)


def _count(value: object, limit: int = _COUNT_LIMIT) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= limit:
        return None
    return value


def _fraction(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        return None
    return float(value)


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _oldest(value: object, clock: DeviceClock, at: dt.datetime) -> dt.datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return clock.correct("", parse_instant(value), at).at
    except (ValueError, OverflowError):
        return None
