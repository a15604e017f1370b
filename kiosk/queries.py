"""What a kiosk's requests read: its key, its place, the questionnaires it asks."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.agencies.models import Agency, Counter
from survey.devices.models import Device, DeviceAssignment
from survey.devices.queries import latest_assignments
from survey.foundation.database import db
from survey.questionnaires.models import QuestionnaireVersion
from survey.questionnaires.versions import VersionName


def fetch_device_of_key(key_digest: str) -> tuple[uuid.UUID, str] | None:
    """Id and name of the device whose key has this digest; None if there is none or it was revoked."""
    query = select(Device.id, Device.name).where(Device.key_digest == key_digest, Device.revoked_at.is_(None))
    row = db.session.execute(query).first()
    return None if row is None else (row.id, row.name)


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


def fetch_definition(session: Session, name: VersionName) -> dict[str, Any] | None:
    """The definition of a version as it is stored."""
    found: dict[str, Any] | None = session.scalar(
        select(QuestionnaireVersion.definition).where(
            QuestionnaireVersion.questionnaire_key == name.key, QuestionnaireVersion.version == name.version
        )
    )
    return found


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
