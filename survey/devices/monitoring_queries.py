"""The state of each province's kiosks in one row: SQL only."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from sqlalchemy import case, func, select

from survey.devices.models import Device
from survey.devices.queries import latest_assignments
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Counter, Province


class FleetState(NamedTuple):
    """Devices in use of one province: how many, how many silent, answers they still hold, since when the oldest."""

    province: str
    devices: int
    silent: int
    unsent: int
    oldest_unsent_at: dt.datetime | None


def fetch_fleet_states(silent_since: dt.datetime) -> list[FleetState]:
    """Every province that has devices in use, by key; silent: not heard of since `silent_since`."""
    present = latest_assignments().subquery()
    heard = func.coalesce(Device.last_contact_at, Device.paired_at)
    query = (
        select(
            Province.key,
            func.count(),
            func.sum(case((heard < silent_since, 1), else_=0)),
            func.coalesce(func.sum(Device.queue_depth), 0),
            func.min(Device.oldest_unsent_at),
        )
        .join(present, present.c.device_id == Device.id)
        .join(Counter, Counter.id == present.c.counter_id)
        .join(Agency, Agency.id == Counter.agency_id)
        .join(Province, Province.id == Agency.province_id)
        .where(Device.revoked_at.is_(None))
        .group_by(Province.key)
        .order_by(Province.key)
    )
    return [FleetState(*row) for row in db.session.execute(query)]
