"""What was tried with a kiosk's bearer key, copied, and a pairing code that its thief may have: of another agency."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from kiosk import pairing
from survey.devices.models import Device
from survey.foundation.clock import now
from tests.kiosk.conftest import answer
from tests.kiosk.test_signed_requests import Signer
from tests.kiosk.world import COUNTER, OTHER_COUNTER, make_world
from tests.support.device_keys import DeviceKeys
from tests.support.worlds import stored_world

database_url = stored_world("two_counters", make_world, "app")
NEIGHBOURS = "quay-lang-gieng"


@pytest.fixture
def kiosk(app: Flask) -> Signer:
    """A kiosk that signs, two hours at its counter."""
    from survey.devices.models import DeviceAssignment
    from survey.foundation.storage.database import writing
    from survey.registry.models import Agency, Counter

    with app.app_context(), writing() as session:
        shop = session.scalars(select(Agency)).one()
        neighbour = Agency(province_id=shop.province_id, code="ke", name="Bên cạnh", kind=shop.kind, level="commune")
        session.add(Counter(agency=neighbour, code=NEIGHBOURS, name="Quầy", services=[]))
    paired = paired_with(app, COUNTER, Signer(app.test_client(), ""))
    with app.app_context(), writing() as session:
        session.query(DeviceAssignment).one().since = now() - dt.timedelta(hours=2)
    return paired


def paired_with(app: Flask, counter: str, before: Signer, keys: DeviceKeys | None = None) -> Signer:
    """Whoever has a pairing code of a counter, shows the key of `before` and signs with `keys`, by default its own."""
    keys = keys or before.keys
    with app.app_context():
        asked = {"code": pairing.issue_code(counter), "public_key": keys.public, "key": before.key or None}
    body = json.dumps(asked).encode()
    headers = keys.signature("POST", "/kiosk/api/pair", body)
    redeemed = app.test_client().post("/kiosk/api/pair", data=body, headers=headers)
    return Signer(app.test_client(), redeemed.json["key"], keys)


def statuses(signer: Signer, *answers: dict[str, object]) -> list[str]:
    return [result["status"] for result in signer.send(*answers).json["results"]]


def an_hour_ago() -> dict[str, object]:
    return answer(answered_at=(now() - dt.timedelta(hours=1)).isoformat())


def test_a_copied_key_and_a_neighbours_code_send_nothing_for_the_counter_it_was_copied_at(
    app: Flask, kiosk: Signer
) -> None:
    thief = paired_with(app, NEIGHBOURS, kiosk, DeviceKeys())

    assert statuses(thief, an_hour_ago()) == ["invalid"]
    assert statuses(kiosk, an_hour_ago()) == ["stored"]  # and the kiosk still stands where it stood


def test_nor_do_they_bring_a_revoked_kiosk_back(app: Flask, kiosk: Signer, database: SQLAlchemy) -> None:
    from survey.foundation.storage.database import writing

    with app.app_context(), writing() as session:
        session.scalars(select(Device)).one().revoked_at = now()
    paired_with(app, NEIGHBOURS, kiosk, DeviceKeys())

    standing = sorted(device.revoked_at is None for device in database.session.scalars(select(Device)))
    assert standing == [False, True]


@pytest.mark.parametrize("counter", [NEIGHBOURS, OTHER_COUNTER, COUNTER])
def test_the_kiosk_itself_goes_anywhere_and_stays_itself(app: Flask, kiosk: Signer, counter: str) -> None:
    assert statuses(paired_with(app, counter, kiosk), an_hour_ago()) == ["stored"]


def test_a_kiosk_whose_database_was_emptied_stays_itself_at_its_agency(
    app: Flask, kiosk: Signer, database: SQLAlchemy
) -> None:
    again = paired_with(app, OTHER_COUNTER, kiosk, DeviceKeys())

    assert statuses(again, an_hour_ago()) == ["stored"]
    assert database.session.query(Device).count() == 1
