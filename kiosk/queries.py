"""What a kiosk's requests read: its key, its place, the questionnaires it asks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import Integer, Row, cast, func, select, update
from sqlalchemy.orm import Session

from survey.devices.models import Device, DeviceAssignment, PairingCode
from survey.foundation.storage.database import db
from survey.questionnaires.models import QuestionnaireVersion
from survey.questionnaires.versions import VersionName
from survey.registry.models import Agency, Counter
from survey.responses.models import Response


def fetch_device_of_key(key_digest: str) -> Row[uuid.UUID, str, str | None, bool] | None:
    """Id, name, public key and whether it signs, of the device whose key has this digest; None also once revoked."""
    query = select(Device.id, Device.name, Device.public_key, Device.signs_requests)
    return db.session.execute(query.where(Device.key_digest == key_digest, Device.revoked_at.is_(None))).first()


def fetch_definition(session: Session, name: VersionName) -> dict[str, Any] | None:
    """The definition of a version as it is stored."""
    questionnaire_version: dict[str, Any] | None = session.scalar(
        select(QuestionnaireVersion.definition).where(
            QuestionnaireVersion.questionnaire_key == name.key, QuestionnaireVersion.version == name.version
        )
    )
    return questionnaire_version


def fetch_latest_counter(session: Session, device_id: uuid.UUID) -> tuple[int, str]:
    """Id and code of the counter a device was assigned to last."""
    query = (
        select(DeviceAssignment.counter_id, Counter.code)
        .join(Counter, Counter.id == DeviceAssignment.counter_id)
        .where(DeviceAssignment.device_id == device_id)
        .order_by(DeviceAssignment.since.desc(), DeviceAssignment.id.desc())
        .limit(1)
    )
    counter_id, code = session.execute(query).one()
    return counter_id, code


def mark_code_refused(session: Session, digests: Collection[str], at: dt.datetime, parts: str) -> bool:
    """Note on a valid pairing code that its device could not be paired; whether there is such a code."""
    marked = session.execute(
        update(PairingCode)
        .where(PairingCode.code_digest.in_(digests), PairingCode.used_at.is_(None), PairingCode.expires_at > at)
        .values(refused_at=at, refused_for=parts)
        .returning(PairingCode.code_digest)
    )
    return marked.first() is not None


def fetch_refused_codes(session: Session, since: dt.datetime) -> list[Row[dt.datetime, str, Counter, Agency]]:
    """Codes whose device could not be paired: when, what it lacked, the counter and agency; the newest first.

    Not where a device was paired with that counter afterwards: then it is mended.
    """
    paired_since = (
        select(DeviceAssignment.id)
        .join(Device, Device.id == DeviceAssignment.device_id)
        .where(DeviceAssignment.counter_id == PairingCode.counter_id, Device.paired_at >= PairingCode.refused_at)
        .exists()
    )
    query = (
        select(PairingCode.refused_at, PairingCode.refused_for, Counter, Agency)
        .join(Counter, Counter.id == PairingCode.counter_id)
        .join(Agency, Agency.id == Counter.agency_id)
        .where(PairingCode.refused_at >= since, ~paired_since)
        .order_by(PairingCode.refused_at.desc())
    )
    return list(session.execute(query))


def count_corrected_dates(
    session: Session, device_id: uuid.UUID, counters: Collection[str], since: dt.date
) -> tuple[int, int]:
    """Of a device's answers since a day at these counters: how many dates were corrected, how many are uncertain."""
    # By counter and day, for which there is an index; there is none by device.
    corrected, uncertain = func.count(Response.device_answered_at), func.sum(cast(Response.date_uncertain, Integer))
    query = (
        select(corrected, func.coalesce(uncertain, 0))
        .join(Counter, Counter.id == Response.counter_id)
        .where(Counter.code.in_(counters), Response.day >= since, Response.device_id == device_id)
    )
    counts = session.execute(query).one()
    return counts[0], counts[1]
