"""What is known of devices: SQL only, no judgement."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, insert, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, aliased

from survey.devices.models import Device, DeviceAssignment, QueueFile, QueueFileAnswer
from survey.foundation.clock import now, today
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.registry.models import Agency, Counter, Service

SILENT_AFTER = dt.timedelta(minutes=30)


class Held(NamedTuple):
    """A counter that a device held, from `since` to `until` (None: it still does)."""

    counter: str
    since: dt.datetime
    until: dt.datetime | None


class SilentDevice(NamedTuple):
    """A device not heard of lately (`last_contact_at` None: never), or that says it cannot take answers."""

    device_id: uuid.UUID
    name: str
    counter_id: int
    counter: str
    counter_name: str
    agency_id: int
    last_contact_at: dt.datetime | None
    queue_depth: int | None
    is_unfit: bool


def fetch_counters_held(session: Session, device_id: uuid.UUID) -> list[Held]:
    """Every counter a device was ever assigned to, oldest first."""
    query = (
        select(Counter.code, DeviceAssignment.since, DeviceAssignment.until)
        .join(Counter, Counter.id == DeviceAssignment.counter_id)
        .where(DeviceAssignment.device_id == device_id)
        .order_by(DeviceAssignment.since, DeviceAssignment.id)
    )
    return [Held(*row) for row in session.execute(query)]


def fetch_places(session: Session, counters: Collection[str]) -> dict[str, tuple[str, str, str]]:
    """By a counter's code its name, its agency's code and its agency's name."""
    query = select(Counter.code, Counter.name, Agency.code, Agency.name).join(Agency, Agency.id == Counter.agency_id)
    rows = session.execute(query.where(Counter.code.in_(counters)))
    return {code: (name, agency_code, agency) for code, name, agency_code, agency in rows}


def latest_assignments() -> Select[uuid.UUID, int]:
    """Device and counter of each device's present assignment, as a statement to join with."""
    newer = aliased(DeviceAssignment)
    later = (newer.since > DeviceAssignment.since) | (
        (newer.since == DeviceAssignment.since) & (newer.id > DeviceAssignment.id)
    )
    overtaken = select(newer.id).where(newer.device_id == DeviceAssignment.device_id, later).exists()
    return select(DeviceAssignment.device_id, DeviceAssignment.counter_id).where(~overtaken)


def fetch_place(session: Session, device_id: uuid.UUID) -> tuple[Counter, Agency]:
    """Where a device stands at present."""
    present = latest_assignments().subquery()
    query = (
        select(Counter, Agency)
        .join(present, present.c.counter_id == Counter.id)
        .join(Agency, Agency.id == Counter.agency_id)
        .where(present.c.device_id == device_id)
    )
    counter, agency = session.execute(query).one()
    return counter, agency


def fetch_fleet(province_id: int | None = None) -> list[Row[Device, Counter, Agency]]:
    """Every device with its present counter and agency, by agency, counter and name; revoked ones last."""
    present = latest_assignments().subquery()
    query = (
        select(Device, Counter, Agency)
        .join(present, present.c.device_id == Device.id)
        .join(Counter, Counter.id == present.c.counter_id)
        .join(Agency, Agency.id == Counter.agency_id)
    )
    if province_id is not None:
        query = query.where(Agency.province_id == province_id)
    fleet = in_order(db.session.execute(query), lambda row: (row[2].name, row[1].name, row[0].name))
    return sorted(fleet, key=lambda row: row[0].revoked_at is not None)


def fetch_open_counters(session: Session, province_id: int | None = None) -> list[tuple[Counter, Agency]]:
    """Counters that are not closed, with their agencies that still exist, by agency and name."""
    day = today()
    query = (
        select(Counter, Agency)
        .join(Agency, Agency.id == Counter.agency_id)
        .where(
            Counter.closed_on.is_(None) | (Counter.closed_on > day),
            Agency.valid_to.is_(None) | (Agency.valid_to >= day),
        )
    )
    if province_id is not None:
        query = query.where(Agency.province_id == province_id)
    counters = [(counter, agency) for counter, agency in session.execute(query)]
    return in_order(counters, lambda pair: (pair[1].name, pair[0].name, pair[0].code))


def silent_devices(
    province_id: int,
    *,
    agency_ids: Collection[int] | None = None,
    counter_ids: Collection[int] | None = None,
    sector: str | None = None,
) -> list[SilentDevice]:
    """Devices in use that have not been heard of for SILENT_AFTER or cannot take answers, the longest silent first.

    A low number of answers may mean "3 kiosk mất liên lạc" and not a quiet week; pages show this beside figures.
    `sector`: only at counters that serve it; a counter without services of its own serves all its agency's.
    """
    silent_since = now() - SILENT_AFTER
    is_unfit = Device.status["missing"].as_string().is_not(None)
    present = latest_assignments().subquery()
    query = (
        select(
            Device.id,
            Device.name,
            Counter.id,
            Counter.code,
            Counter.name,
            Counter.agency_id,
            Device.last_contact_at,
            Device.queue_depth,
            is_unfit,
        )
        .join(present, present.c.device_id == Device.id)
        .join(Counter, Counter.id == present.c.counter_id)
        .join(Agency, Agency.id == Counter.agency_id)
        .where(
            Agency.province_id == province_id,
            Device.revoked_at.is_(None),
            or_(func.coalesce(Device.last_contact_at, Device.paired_at) < silent_since, is_unfit),
        )
        .order_by(func.coalesce(Device.last_contact_at, Device.paired_at), Device.id)
    )
    if agency_ids is not None:
        query = query.where(Counter.agency_id.in_(agency_ids))
    if counter_ids is not None:
        query = query.where(Counter.id.in_(counter_ids))
    if sector is not None:
        query = query.where(or_(~Counter.services.any(), Counter.services.any(Service.sector == sector)))
    return [SilentDevice(*row) for row in db.session.execute(query)]


def save_contact(database: Session | Connection, device_id: uuid.UUID, at: dt.datetime, **said: Any) -> None:
    """Note that a device was heard of, and what it said of itself (columns of `Device`)."""
    database.execute(update(Device).where(Device.id == device_id).values(last_contact_at=at, **said))


def mark_signing(session: Session, device_id: uuid.UUID) -> None:
    """From now on what this device sends must be signed."""
    session.execute(update(Device).where(Device.id == device_id).values(signs_requests=True))


def end_assignments(session: Session, device_id: uuid.UUID, at: dt.datetime) -> None:
    """End what a device still held."""
    held = (DeviceAssignment.device_id == device_id, DeviceAssignment.until.is_(None))
    session.execute(update(DeviceAssignment).where(*held).values(until=at))


def close_other_assignments(session: Session, device_id: uuid.UUID, counter_id: int, at: dt.datetime) -> None:
    """End what a device still held of counters other than `counter_id`."""
    session.execute(
        update(DeviceAssignment)
        .where(
            DeviceAssignment.device_id == device_id,
            DeviceAssignment.counter_id != counter_id,
            DeviceAssignment.until.is_(None),
        )
        .values(until=at)
    )


def fetch_device_names(ids: Collection[str]) -> dict[str, str]:
    """Names of kiosks by their id as text."""
    known = [uuid.UUID(id_) for id_ in ids]
    rows = db.session.execute(select(Device.id, Device.name).where(Device.id.in_(known)))
    return {str(id_): name for id_, name in rows}


def keep_queue_file(
    session: Session, device_id: uuid.UUID, content_digest: str, at: dt.datetime, answers: Sequence[uuid.UUID]
) -> bool:
    """Note a file and which answers it brought; False for a file that was read before."""
    file = session.scalar(select(QueueFile).where(QueueFile.content_digest == content_digest))
    is_new = file is None
    if file is None:
        file = QueueFile(device_id=device_id, content_digest=content_digest, taken_at=at)
        session.add(file)
        session.flush()
    if answers:
        rows = [{"response_id": answer, "queue_file_id": file.id} for answer in answers]
        session.execute(insert(QueueFileAnswer), rows)
    return is_new


def count_devices(province_id: int) -> int:
    """How many devices were ever paired with a counter of the province."""
    query = select(func.count(func.distinct(DeviceAssignment.device_id)))
    query = query.join(Counter, Counter.id == DeviceAssignment.counter_id).join(Agency, Agency.id == Counter.agency_id)
    return db.session.scalar(query.where(Agency.province_id == province_id)) or 0
