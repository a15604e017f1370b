"""What staff may do with a kiosk. Every change leaves a trace in the audit log."""

from __future__ import annotations

import uuid

from kiosk.pairing import assign, new_pin, set_pin
from survey.devices.models import Device
from survey.devices.queries import fetch_counters_held
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.storage.database import locked, writing
from survey.registry.models import Counter


def rename(device_id: uuid.UUID, province_id: int, name: str) -> None:
    """Give a kiosk another name."""
    with writing() as session:
        device = locked(session, Device, device_id)
        before, device.name = device.name, name
        if before == name:
            return
        audit.record(
            session,
            "rename",
            "device",
            device_id,
            province_id=province_id,
            before={"name": before},
            after={"name": name},
        )


def move(device_id: uuid.UUID, province_id: int, counter_id: int) -> None:
    """Send a kiosk to another counter of the same province; what it counted stays with the old one."""
    with writing() as session:
        locked(session, Device, device_id)
        counter, before = session.get_one(Counter, counter_id), fetch_counters_held(session, device_id)[-1].counter
        if before == counter.code:
            return
        assign(session, device_id, counter_id, now())
        audit.record(
            session,
            "move",
            "device",
            device_id,
            province_id=province_id,
            before={"counter": before},
            after={"counter": counter.code},
        )


def revoke(device_id: uuid.UUID, province_id: int) -> None:
    """Refuse a kiosk's key from now on. Its answers are kept, there and here."""
    with writing() as session:
        device = locked(session, Device, device_id)
        if device.revoked_at is not None:
            return
        device.revoked_at = now()
        before, after = {"revoked": False}, {"revoked": True}
        audit.record(session, "revoke", "device", device_id, province_id=province_id, before=before, after=after)


def renew_pin(device_id: uuid.UUID, province_id: int) -> str:
    """Make a new PIN for the staff menu; it reaches the device with its next contact."""
    pin = new_pin()
    with writing() as session:
        set_pin(locked(session, Device, device_id), pin)
        before, after = {"pin": audit.EARLIER}, {"pin": audit.RENEWED}
        audit.record(session, "renew_pin", "device", device_id, province_id=province_id, before=before, after=after)
    return pin
