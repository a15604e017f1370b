"""A short code, shown at the desk, turns a tablet into the kiosk of one counter with a revocable key of its own."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kiosk.queries import fetch_latest_counter
from survey.devices.models import Device, DeviceAssignment, PairingCode
from survey.devices.queries import close_other_assignments, end_assignments, fetch_open_counters, fetch_place
from survey.devices.signatures import read_public_key
from survey.foundation.changes import audit
from survey.foundation.clock import now, today
from survey.foundation.identifiers import digest, new_id, readable_code, secret_key, typed_code
from survey.foundation.security.keyed import keyed_digest, keyed_digests
from survey.foundation.storage.database import db, writing
from survey.registry.models import Agency, Counter

CODE_LENGTH = 8
PURPOSE = "pairing code"
CODE_LASTS = dt.timedelta(minutes=30)
FORGOTTEN_AFTER = dt.timedelta(days=7)
# A PIN of 6 digits keeps curious hands out of the staff menu; it does not stop someone who takes the tablet apart.
PIN_ITERATIONS = 100_000


class PairingError(ValueError):
    """Why a device cannot be paired, in the user's language."""


@dataclass(frozen=True)
class Pairing:
    """What a device is told once: its identity, its key and the PIN of its staff menu."""

    device_id: uuid.UUID
    key: str
    counter: str
    pin: str


def find_counter(session: Session, code: str) -> Counter:
    """The open counter with this code.

    Raises:
        PairingError: there is none, or it is closed.
    """
    counter: Counter | None = session.scalar(select(Counter).where(Counter.code == code))
    if counter is None:
        raise PairingError(_("Không có quầy %(code)s.", code=code))
    if counter.closed_on is not None and counter.closed_on <= today():
        raise PairingError(_("Quầy %(code)s đã đóng, không ghép kiosk được.", code=code))
    return counter


def first_counter() -> str:
    """The code of the first open counter.

    Raises:
        PairingError: there is none yet.
    """
    counters = fetch_open_counters(db.session())
    if not counters:
        raise PairingError(_("Chưa có quầy nào đang mở."))
    return min((counter for counter, _agency in counters), key=lambda counter: counter.id).code


def issue_code(counter_code: str, device_id: uuid.UUID | None = None) -> str:
    """A code that pairs one device with a counter within 30 minutes; with `device_id`, it replaces that device's key.

    Raises:
        PairingError: no such counter, or it is closed.
    """
    code = readable_code(CODE_LENGTH)
    with writing() as session:
        session.execute(delete(PairingCode).where(PairingCode.expires_at < now() - FORGOTTEN_AFTER))
        counter = find_counter(session, counter_code)
        session.add(
            PairingCode(
                code_digest=keyed_digest(PURPOSE, code),
                counter_id=counter.id,
                device_id=device_id,
                expires_at=now() + CODE_LASTS,
            )
        )
        after = {"device": str(device_id) if device_id else None, "minutes": int(CODE_LASTS.total_seconds() // 60)}
        audit.record(
            session,
            "issue_pairing_code",
            "counters",
            counter.code,
            province_id=_province_id(session, counter),
            after=after,
        )
    return code


def possible_digests(code: str) -> list[str]:
    """What may be stored of a code as typed: a copy of the database pairs nothing."""
    return keyed_digests(PURPOSE, typed_code(code, CODE_LENGTH))


def pair(code: str, previous_key: str | None = None, public_key: str | None = None, *, signs: bool = False) -> Pairing:
    """Redeem a code. A device that shows its previous key stays the same device, and its unsent answers stay valid.

    One that has signed must sign again to come to another agency: its key may have been copied, and a code of one
    agency must not open what was another's.

    `public_key` (already read: `survey.devices.signatures`) checks what the device will sign; without it no queue
    file of this device can be taken in. `signs`: it has just shown that it can sign, so from now on it must.

    Raises:
        PairingError: the code is unknown, used or too old.
    """
    key, pin = secret_key(), new_pin()
    with writing() as session:
        moment = now()
        paired_with = _use_code(session, code, moment)
        counter = session.get_one(Counter, paired_with.counter_id)
        signed_by = public_key if signs else None
        device = _device(session, paired_with.device_id, previous_key, signed_by, counter.agency_id)
        before = _standing(session, device)
        if device.revoked_at is not None:  # what it dates between the two has an uncertain date
            end_assignments(session, device.id, device.revoked_at)
        device.key_digest, device.paired_at, device.revoked_at = digest(key), moment, None
        device.public_key, device.signs_requests = public_key, signs
        device.name = device.name or _name(session, counter)
        set_pin(device, pin)
        session.add(device)
        session.flush()
        assign(session, device.id, counter.id, moment)
        close_other_assignments(session, device.id, counter.id, moment)
        after = {"counter": counter.code, "key": audit.RENEWED, "revoked": False}
        province_id = _province_id(session, counter)
        audit.record(session, "pair", "device", device.id, province_id=province_id, before=before, after=after)
        return Pairing(device.id, key, counter.code, pin)


def assign(session: Session, device_id: uuid.UUID, counter_id: int, moment: dt.datetime) -> None:
    """Give a device a counter from now on, unless that is the one it was given last.

    Sent away and back before it has heard of it, it is given the first anew: else it would go.
    """
    last = (
        select(DeviceAssignment.counter_id)
        .where(DeviceAssignment.device_id == device_id)
        .order_by(DeviceAssignment.since.desc(), DeviceAssignment.id.desc())
        .limit(1)
    )
    if session.scalar(last) != counter_id:
        session.add(DeviceAssignment(device_id=device_id, counter_id=counter_id, since=moment))


def keep_first_public_key(session: Session, device: Device, public_key: object) -> None:
    """A device paired before there were signatures tells its public key once; no later one replaces it but pairing."""
    if device.public_key is not None or not isinstance(public_key, str):
        return
    try:
        read_public_key(public_key)
    except ValueError:
        return
    counter_id, _code = fetch_latest_counter(session, device.id)
    province_id = _province_id(session, session.get_one(Counter, counter_id))
    device.public_key = public_key
    audit.record(session, "keep_public_key", "device", device.id, province_id=province_id, after={"public_key": True})


def new_pin() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def set_pin(device: Device, pin: str) -> None:
    """Keep a PIN's salted hash, which the device fetches with its configuration."""
    salt = secrets.token_bytes(16)
    device.pin_salt = salt.hex()
    device.pin_hash = hashlib.pbkdf2_hmac("sha256", pin.encode(), salt, PIN_ITERATIONS).hex()


def _use_code(session: Session, code: str, moment: dt.datetime) -> PairingCode:
    # One conditional update decides who redeems a code, however many devices try at once.
    is_it = PairingCode.code_digest.in_(possible_digests(code))
    used = session.execute(
        update(PairingCode)
        .where(is_it, PairingCode.used_at.is_(None), PairingCode.expires_at > moment)
        .values(used_at=moment)
        .returning(PairingCode)
    ).scalar_one_or_none()
    if used is None:
        raise PairingError(_("Mã ghép không đúng, đã dùng hoặc đã hết hạn. Vui lòng xin mã mới."))
    return used


def _standing(session: Session, device: Device) -> dict[str, Any] | None:
    """A device before it is paired anew; None for one that was never here."""
    if not device.paired_at:
        return None
    _id, code = fetch_latest_counter(session, device.id)
    return {"counter": code, "key": audit.EARLIER, "revoked": device.revoked_at is not None}


def _province_id(session: Session, counter: Counter) -> int:
    return int(session.get_one(Agency, counter.agency_id).province_id)


def _device(
    session: Session, device_id: uuid.UUID | None, previous_key: str | None, signed_by: str | None, agency_id: int
) -> Device:
    if device_id is not None:
        paired: Device = session.get_one(Device, device_id)
        return paired
    if previous_key:
        known: Device | None = session.scalar(select(Device).where(Device.key_digest == digest(previous_key)))
        if known is not None and (
            not known.signs_requests
            or known.public_key == signed_by
            or fetch_place(session, known.id)[1].id == agency_id  # whose database was emptied has no other proof
        ):
            return known
    return Device(id=new_id(), name="", status={})


def _name(session: Session, counter: Counter) -> str:
    agency = session.get_one(Agency, counter.agency_id)
    return f"Kiosk {counter.name} - {agency.name}"[:120]
