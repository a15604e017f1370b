"""Which kiosks a user may see and change: the one permission decision, asked about the counter where each stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from flask import abort
from flask_login import current_user

from survey.accounts.models import User
from survey.accounts.permissions import VIEW, Action, Resource, decide
from survey.devices.models import Device
from survey.devices.queries import fetch_fleet
from survey.foundation.storage.database import db
from survey.questionnaires.counter_services import ServicePoint, offers_at
from survey.registry.models import Agency, Counter

MANAGE_DEVICES = Action.MANAGE_DEVICES
IMPORT_QUEUE_FILE = Action.IMPORT_QUEUE_FILE


@dataclass(frozen=True)
class StandingDevice:
    """A kiosk where it stands, and whether the user may change it."""

    device: Device
    counter: Counter
    agency: Agency
    may_manage: bool


def devices_seen(user: User) -> list[StandingDevice]:
    """The kiosks a user may see, by agency, counter and name; revoked ones last."""
    fleet = fetch_fleet()
    resources = _resources({counter: agency for _device, counter, agency in fleet})
    may = _Decisions(user)
    return [
        StandingDevice(device, counter, agency, may.any(MANAGE_DEVICES, resources[counter.id]))
        for device, counter, agency in fleet
        if may.any(VIEW, resources[counter.id])
    ]


def device_seen(device_id: uuid.UUID) -> StandingDevice:
    """One kiosk.

    Raises:
        NotFound: there is none, or not for this user: the two look the same.
    """
    standing_device = next((seen for seen in devices_seen(current_user) if seen.device.id == device_id), None)
    if standing_device is None:
        abort(404)
    return standing_device


def device_to_manage(device_id: uuid.UUID) -> StandingDevice:
    """One kiosk that the user may change.

    Raises:
        NotFound: not to be seen. Forbidden: seen, but not to be changed.
    """
    standing = device_seen(device_id)
    if not standing.may_manage:
        abort(403)
    return standing


def device_to_import_from(device_id: uuid.UUID) -> StandingDevice:
    """One kiosk whose file the user may take in.

    Raises:
        NotFound: not to be seen. Forbidden: seen, but its file is not for this user to take in.
    """
    standing = device_seen(device_id)
    [resources] = _resources({standing.counter: standing.agency}).values()
    if not _Decisions(current_user).any(IMPORT_QUEUE_FILE, resources):
        abort(403)
    return standing


def counters_to_manage(user: User, counters: Iterable[tuple[Counter, Agency]]) -> list[tuple[Counter, Agency]]:
    """Those of the counters at which the user may place a kiosk."""
    pairs = list(counters)
    resources = _resources(dict(pairs))
    may = _Decisions(user)
    return [(counter, agency) for counter, agency in pairs if may.any(MANAGE_DEVICES, resources[counter.id])]


def _resources(places: dict[Counter, Agency]) -> dict[int, list[Resource]]:
    """A counter belongs to the sectors of its services; to none in particular where they are not known."""
    offers = offers_at(
        db.session(), [ServicePoint(counter.id, a.id, a.kind, a.parent_id) for counter, a in places.items()]
    )
    return {
        counter.id: [Resource(a.province_id, sector, a.id) for sector in offers[counter.id].sectors or (None,)]
        for counter, a in places.items()
    }


class _Decisions:
    """Decisions of one request, each taken once."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.taken: dict[tuple[str, Resource], bool] = {}

    def any(self, action: Action, resources: Iterable[Resource]) -> bool:
        return any(self._one(action, resource) for resource in resources)

    def _one(self, action: Action, resource: Resource) -> bool:
        if (action, resource) not in self.taken:
            self.taken[action, resource] = bool(decide(self.user, action, resource))
        return self.taken[action, resource]
