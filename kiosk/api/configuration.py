"""What a kiosk needs to ask its questions without the network: counter, services, questionnaires, languages, PIN."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from kiosk import pairing
from kiosk.queries import fetch_definition, fetch_place
from survey.devices.models import Device
from survey.foundation.clock import today
from survey.foundation.vocabulary import LANGUAGES
from survey.questionnaires.counter_services import Offer, ServicePoint, offers_at
from survey.questionnaires.versions import current_version


def configuration_of(session: Session, device_id: uuid.UUID) -> dict[str, Any]:
    """The configuration as JSON; everything in it may be read by whoever holds the device."""
    device = session.get_one(Device, device_id)
    counter, agency = fetch_place(session, device_id)
    offer = offers_at(session, [ServicePoint(counter.id, agency.id, agency.kind, agency.parent_id)])[counter.id]
    return {
        "device": str(device.id),
        "device_name": device.name,
        "counter": counter.code,
        "counter_name": counter.name,
        "open": counter.closed_on is None or counter.closed_on > today(),
        "agency": agency.code,
        "agency_name": agency.name,
        "languages": list(LANGUAGES),
        "language_names": LANGUAGES,
        "services": [
            {"code": service.code, "name": service.name, "field": service.field, "sector": service.sector}
            for service in offer.services
        ],
        "questionnaires": _questionnaires(session, offer),
        "pin": {"salt": device.pin_salt, "iterations": pairing.PIN_ITERATIONS, "hash": device.pin_hash},
    }


def _questionnaires(session: Session, offer: Offer) -> list[dict[str, Any]]:
    """One a sector, the counter's commonest sector first."""
    found = []
    for sector in offer.sectors:
        name = current_version(session, sector)
        if name is None:
            continue
        definition = fetch_definition(session, name)
        found.append({"key": name.key, "version": name.version, "sector": sector, "definition": definition})
    return found
