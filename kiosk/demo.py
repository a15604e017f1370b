"""Three kiosks of the demonstration that have fallen silent, so that the desk has something to say about its fleet."""

from __future__ import annotations

import datetime as dt
import random
import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.devices.models import Device, DeviceAssignment
from survey.foundation.clock import now
from survey.foundation.identifiers import digest, secret_key
from survey.foundation.storage.database import writing
from survey.registry.models import Agency, Counter, Province

PROVINCE = "dak-lak"
# Hours since the last contact, answers still on the device, share of its battery.
SILENT = ((52, 37, 0.64), (120, 210, 0.08), (27, 4, 1.0))


def place_demo_kiosks() -> None:
    """Add the three kiosks, at the same counters in every demonstration. Nobody holds their keys."""
    with writing() as session:
        moment = now()
        for number, (counter, (hours, waiting, battery)) in enumerate(zip(_counters(session), SILENT, strict=False)):
            last = moment - dt.timedelta(hours=hours)
            device_id = uuid.UUID(int=random.Random(number).getrandbits(128), version=4)
            if session.get(Device, device_id) is not None:
                continue  # by a start that was interrupted
            session.add(
                Device(
                    id=device_id,
                    name=f"Kiosk {counter.name} - {counter.agency.name}"[:120],
                    key_digest=digest(secret_key()),
                    paired_at=last - dt.timedelta(days=60),
                    last_contact_at=last,
                    queue_depth=waiting,
                    oldest_unsent_at=last - dt.timedelta(hours=3),
                    clock_skew_seconds=2.0,
                    status={"battery": battery, "charging": False, "persisted": True},
                )
            )
            session.flush()
            session.add(
                DeviceAssignment(device_id=device_id, counter_id=counter.id, since=last - dt.timedelta(days=60))
            )


def _counters(session: Session) -> list[Counter]:
    query = (
        select(Counter)
        .join(Agency, Agency.id == Counter.agency_id)
        .join(Province, Province.id == Agency.province_id)
        .where(Province.key == PROVINCE, Counter.closed_on.is_(None), Agency.valid_to.is_(None))
        .order_by(Counter.code)
    )
    counters = list(session.scalars(query))
    return counters[:: max(1, len(counters) // len(SILENT))]
