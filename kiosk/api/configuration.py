"""What a kiosk needs to ask its questions without the network: counter, services, questionnaires, languages, PIN."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from kiosk import pairing
from kiosk.queries import fetch_definition
from survey.devices.models import Device
from survey.devices.queries import fetch_place
from survey.foundation.clock import today
from survey.foundation.languages.citizen_languages import Packs, installed_packs
from survey.foundation.vocabulary import LANGUAGES
from survey.questionnaires.asked_forms import AskedForm, asked_on, forms_at
from survey.questionnaires.counter_services import ServicePoint, offers_at
from survey.questionnaires.packs.texts import vietnamese_of, with_texts


def configuration_of(session: Session, device_id: uuid.UUID) -> dict[str, Any]:
    """The configuration as JSON; everything in it may be read by whoever holds the device."""
    device = session.get_one(Device, device_id)
    counter, agency = fetch_place(session, device_id)
    day = today()
    place = ServicePoint(counter.id, agency.id, agency.kind, agency.parent_id)
    offer = offers_at(session, [place])[counter.id]
    asked = asked_on(forms_at(session, [place])[counter.id], offer, day)
    definitions = {form.version: fetch_definition(session, form.version) or {} for form in asked}
    packs = _speaking_all(definitions.values())
    return {
        "device": str(device.id),
        "device_name": device.name,
        "counter": counter.code,
        "counter_name": counter.name,
        "open": (counter.closed_on is None or counter.closed_on > day) and agency.exists_on(day),
        "agency": agency.code,
        "agency_name": agency.name,
        "follow": f"{current_app.extensions['settings'].public_url}/p/",
        "languages": [*LANGUAGES, *packs],
        "language_names": {**LANGUAGES} | {code: pack.name for code, pack in packs.items()},
        "language_directions": {code: pack.direction for code, pack in packs.items()},
        "services": [
            {"code": service.code, "name": service.name, "field": service.field, "sector": service.sector}
            for service in offer.services
        ],
        "questionnaires": [_questionnaire(form, definitions[form.version], packs) for form in asked],
        "pin": {"salt": device.pin_salt, "iterations": pairing.PIN_ITERATIONS, "hash": device.pin_hash},
    }


def _speaking_all(definitions: Iterable[Mapping[str, Any]]) -> Packs:
    """The packs' languages that have every text of all these questionnaires."""
    texts = frozenset[str]().union(*map(vietnamese_of, definitions))
    return {
        code: pack for code, pack in installed_packs().items() if code not in LANGUAGES and texts <= pack.texts.keys()
    }


def _questionnaire(form: AskedForm, definition: dict[str, Any], packs: Packs) -> dict[str, Any]:
    """What is asked about some of the services; the counter's commonest form stands first."""
    for pack in packs.values():
        definition = with_texts(definition, pack)
    return {
        "key": form.version.key,
        "version": form.version.version,
        "sector": form.sector,
        "services": [service.code for service in form.services],
        "definition": definition,
    }
