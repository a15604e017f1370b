"""A device signs what it sends; from its first signature on, its key alone proves nothing."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy

from kiosk import pairing
from survey.devices.models import Device
from survey.foundation.clock import now
from tests.kiosk.conftest import Pair, PairedDevice, answer
from tests.kiosk.driving import KioskDriver, pair_at_once
from tests.kiosk.driving import stored as stored_at
from tests.kiosk.world import COUNTER
from tests.support.applications import LiveServer
from tests.support.device_keys import DeviceKeys

MINUTE = 60.0


@dataclass
class Signer:
    """A device that signs, or somebody who would like to be it."""

    client: FlaskClient
    key: str
    keys: DeviceKeys = field(default_factory=DeviceKeys)

    def ask(self, method: str, name: str, body: Any = None, *, at: float | None = None, **sent_as: Any) -> Any:
        """Send a request signed as it stands; `sent_as` changes what is sent after that (`path`, `data`)."""
        path, data = f"/kiosk/api/{name}", b"" if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.key}"} | self.keys.signature(method, path, data, at)
        content = {"data": sent_as.get("data", data), "content_type": "application/json"} if method == "POST" else {}
        return self.client.open(sent_as.get("path", path), method=method, headers=headers, **content)

    def send(self, *answers: Any, **how: Any) -> Any:
        """Its answers."""
        return self.ask("POST", "responses", {"sent_at": now().isoformat(), "responses": list(answers)}, **how)


class Unsigned(Signer):
    """Somebody with the key alone."""

    def ask(self, method: str, name: str, body: Any = None, **_how: Any) -> Any:
        """Send a request without a signature."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return self.client.open(f"/kiosk/api/{name}", method=method, headers=headers, json=body)


@pytest.fixture
def signer(world: Flask) -> Signer:
    """A device that showed at pairing that it can sign."""
    keys = DeviceKeys()
    with world.app_context():
        body = json.dumps({"code": pairing.issue_code(COUNTER), "public_key": keys.public}).encode()
    signature = keys.signature("POST", "/kiosk/api/pair", body)
    paired = world.test_client().post("/kiosk/api/pair", data=body, headers=signature)
    return Signer(world.test_client(), paired.json["key"], keys)


def reason_of(refused: Any) -> str:
    assert refused.status_code == 401
    reason: str = refused.json["error"]["reason"]
    return reason


def stored(database: SQLAlchemy) -> int:
    from survey.responses.models import Response

    database.session.rollback()
    return database.session.query(Response).count()


def test_what_a_device_signs_is_taken_in_as_ever(signer: Signer) -> None:
    assert signer.ask("GET", "config").json["pin"]["hash"]
    assert signer.ask("POST", "status", {"queue": 3}).status_code == 200
    assert signer.send(answer()).json["results"][0]["status"] == "stored"


def test_a_copied_key_sends_no_answer_and_learns_nothing_that_a_citizen_does_not(
    signer: Signer, database: SQLAlchemy
) -> None:
    for thief in (Signer(signer.client, signer.key), Unsigned(signer.client, signer.key)):
        assert reason_of(thief.send(answer())) == "signature"
        assert reason_of(thief.ask("POST", "status", {"queue": 0})) == "signature"
        config = thief.ask("GET", "config")
        assert config.json["questionnaires"]
        assert "pin" not in config.json
    assert stored(database) == 0


def test_a_copied_request_makes_no_other_and_brings_its_answers_once(signer: Signer, database: SQLAlchemy) -> None:
    given, other = answer(), answer()
    body = {"sent_at": now().isoformat(), "responses": [given]}
    assert [signer.ask("POST", "responses", body).json["results"][0]["status"] for _ in range(2)] == [
        "stored",
        "duplicate",
    ]
    changed = json.dumps({"responses": [other]}).encode()
    assert reason_of(signer.ask("POST", "responses", body, data=changed)) == "signature"
    assert reason_of(signer.ask("POST", "status", body, path="/kiosk/api/responses")) == "signature"
    assert stored(database) == 1


def test_whoever_sends_a_copied_request_again_changes_nothing_and_learns_what_its_answer_said(
    world: Flask, signer: Signer, database: SQLAlchemy
) -> None:
    """No nonces are kept: within its five minutes a request may come twice, and every kind of it is the same twice."""
    body = json.dumps({"queue": 3, "counter": COUNTER}).encode()
    headers = {"Authorization": f"Bearer {signer.key}"}
    status = headers | signer.keys.signature("POST", "/kiosk/api/status", body)
    config = headers | signer.keys.signature("GET", "/kiosk/api/config", b"")
    thief = world.test_client()
    told = [client.get("/kiosk/api/config", headers=config).json for client in (signer.client, thief)]
    assert told[0] == told[1]
    states = []
    for client in (signer.client, thief):
        assert client.post("/kiosk/api/status", data=body, headers=status).status_code == 200
        database.session.rollback()
        device = database.session.scalars(database.select(Device)).one()
        states.append((device.queue_depth, device.public_key, device.revoked_at, device.key_digest))
    assert states[0] == states[1]
    with time_machine.travel(now() + dt.timedelta(minutes=6), tick=False):
        for late in (
            thief.get("/kiosk/api/config", headers=config),
            thief.post("/kiosk/api/status", data=body, headers=status),
        ):
            assert reason_of(late) == "time"


def test_a_copied_pairing_pairs_nobody_else(world: Flask, database: SQLAlchemy) -> None:
    with world.app_context():
        keys = DeviceKeys()
        body = json.dumps({"code": pairing.issue_code(COUNTER), "public_key": keys.public}).encode()
    headers = keys.signature("POST", "/kiosk/api/pair", body)
    first, again = (world.test_client().post("/kiosk/api/pair", data=body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code // 100) == (200, 4)
    assert "key" not in (again.json or {})
    assert database.session.query(Device).count() == 1


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_a_request_kept_for_later_is_not_heard_and_a_device_whose_clock_is_wrong_learns_ours(
    signer: Signer, database: SQLAlchemy, minutes: int
) -> None:
    refused = signer.send(answer(), at=now().timestamp() + minutes * MINUTE)
    assert reason_of(refused) == "time"
    assert abs(dt.datetime.fromisoformat(refused.json["now"]) - now()) < dt.timedelta(minutes=1)
    assert stored(database) == 0


def test_a_signature_that_is_none_is_refused_and_breaks_nothing(signer: Signer) -> None:
    bearer = {"Authorization": f"Bearer {signer.key}"}
    right = signer.keys.signature("POST", "/kiosk/api/responses", b"{}")
    wrong = (
        {"Signature": "kiosk=:AAAA:"},
        {"Signature": f"kiosk=:{'A' * 86}==:"},
        {"Signature": "é"},
        {"Signature-Input": right["Signature-Input"].replace('"@path" ', "")},
        {"Signature-Input": right["Signature-Input"].replace("created=1", "created=99")},
        {"Signature-Input": ""},
    )
    for headers in wrong:
        refused = signer.client.post("/kiosk/api/responses", data=b"{}", headers=bearer | right | headers)
        assert reason_of(refused) == "signature", headers


def test_a_device_paired_before_there_were_signatures_goes_on_until_it_signs_for_the_first_time(
    device: PairedDevice, database: SQLAlchemy
) -> None:
    signer = Signer(device.client, device.key, device.keys)
    assert device.statuses(answer()) == ["stored"]
    assert signer.send(answer()).status_code == 200
    refused = device.client.post("/kiosk/api/responses", json={"responses": []}, headers=device.headers)
    assert reason_of(refused) == "signature"
    assert signer.send(answer()).status_code == 200


def test_a_device_that_lost_its_signing_key_can_call_for_help_and_nothing_else(
    signer: Signer, database: SQLAlchemy
) -> None:
    from kiosk.fleet.device_health import condition_of
    from survey.devices.models import Device

    signer.ask("POST", "status", {"queue": 37, "counter": COUNTER})
    lost = Signer(signer.client, signer.key)
    assert lost.ask("POST", "status", {"queue": 0, "emptied_at": now().isoformat()}).status_code == 200
    assert reason_of(lost.send(answer())) == "signature"

    database.session.rollback()
    device = database.session.scalars(database.select(Device)).one()
    concerns = " ".join(condition_of(device, now(), "").concerns)
    assert (device.queue_depth, device.public_key) == (37, signer.keys.public)
    assert "Lần báo trước máy giữ 37 đánh giá chưa gửi" in concerns
    assert "không có chữ ký của máy" in concerns


def test_answers_a_device_dates_between_its_revocation_and_its_next_pairing_are_flagged(
    pair: Pair, world: Flask, database: SQLAlchemy
) -> None:
    from survey.devices.models import Device, DeviceAssignment
    from survey.foundation.storage.database import writing
    from survey.responses.models import Response

    device = pair()
    two_hours_ago, one_hour_ago = (now() - dt.timedelta(hours=hours) for hours in (2, 1))
    with world.app_context(), writing() as session:
        revoked = session.get_one(Device, uuid.UUID(device.id))
        revoked.revoked_at = two_hours_ago
        session.query(DeviceAssignment).one().since = two_hours_ago - dt.timedelta(days=1)
    again = pair(previous_key=device.key)
    stolen = answer(answered_at=one_hour_ago.isoformat())
    assert again.statuses(stolen, sent_at=now().isoformat()) == ["stored"]
    assert database.session.get_one(Response, uuid.UUID(stolen["id"])).date_uncertain


def test_a_real_kiosk_signs_from_its_pairing_on_even_when_its_clock_is_years_off(
    unpaired: KioskDriver, live_server: LiveServer
) -> None:
    from survey.foundation.storage.database import db

    unpaired.page.clock.set_system_time(dt.datetime(2019, 5, 1, tzinfo=dt.UTC))
    pair_at_once(unpaired, live_server)
    unpaired.rate()
    unpaired.wait_until_sent()
    with live_server.app.app_context():
        from survey.devices.models import Device
        from survey.responses.models import Response

        device = db.session.scalars(db.select(Device)).one()
        assert device.signs_requests
        assert db.session.query(Response).count() == 1


def test_a_kiosk_whose_database_was_emptied_goes_on_collecting_and_sends_once_it_is_paired_anew(
    kiosk: KioskDriver, live_server: LiveServer
) -> None:
    kiosk.open_beside()
    kiosk.page.evaluate("indexedDB.deleteDatabase('hai-long-kiosk')")
    with kiosk.page.expect_response(lambda reply: reply.url.endswith("/responses") and reply.status == 401):
        kiosk.open()
        kiosk.rate()
    assert kiosk.waiting() == 1
    assert stored_at(live_server) == []
    pair_at_once(kiosk, live_server)
    kiosk.wait_until_sent()
    assert len(stored_at(live_server)) == 1
