"""The queue of a kiosk that cannot reach the server, as a file taken in at the desk."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import io
import json
import uuid
from itertools import product
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy

from survey.devices.signatures import read_public_key
from tests.kiosk.conftest import Pair, PairedDevice, answer
from tests.kiosk.desk import AGENCY_MANAGER, COLLEAGUE, OWNER, STRANGERS, post
from tests.kiosk.world import COUNTER
from tests.support.device_keys import DeviceKeys, queue_file_of
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

PAGE = "/desk/devices/import"
AUDITOR = {"role": "auditor"}


def queue_file(device: PairedDevice, answers: list[Any], **changes: Any) -> bytes:
    return queue_file_of(device.id, device.keys, answers, **changes)


def upload(client: FlaskClient, data: bytes) -> Any:
    return post(client, PAGE, PAGE, file=(io.BytesIO(data), "queue.json"))


def test_a_queue_file_is_imported_once_however_often_it_is_read(
    device: PairedDevice, owner: FlaskClient, database: SQLAlchemy
) -> None:
    from survey.responses.models import Response

    sent, kept = answer(), answer()
    device.send(sent)
    file = queue_file(device, [sent, kept, answer(counter="quay-9")])

    assert "nhận mới 1 đánh giá, 1 đã có từ trước, 1 bị từ chối" in upload(owner, file).text
    assert "nhận mới 0 đánh giá, 2 đã có từ trước, 1 bị từ chối" in upload(owner, file).text
    assert device.statuses(kept) == ["duplicate"]
    assert database.session.query(Response).count() == 2


def test_a_file_that_was_changed_or_is_none_of_ours_changes_nothing(
    device: PairedDevice, owner: FlaskClient, database: SQLAlchemy
) -> None:
    from survey.responses.models import Response

    changed = queue_file(device, [answer()]).replace(b"overall_service", b"overall_procedures")
    stranger = queue_file_of(device.id, DeviceKeys(), [answer()])
    for data in (
        changed,
        stranger,
        b"",
        b"{}",
        b"[1]",
        b"\xff",
        b'{"payload": "{}"}',
        queue_file(device, [], format="x"),
    ):
        refused = upload(owner, data)
        assert refused.status_code == 422, data
        assert "field-error" in refused.text
    assert database.session.query(Response).count() == 0


@pytest.mark.parametrize(
    "who", [OWNER, AGENCY_MANAGER, COLLEAGUE, {"role": "administrator"}], ids=lambda who: who["role"]
)
def test_whoever_works_at_the_kiosks_counter_may_take_its_file_in(
    device: PairedDevice, world: Flask, who: dict[str, str], database: SQLAlchemy
) -> None:
    from survey.foundation.changes.audit_entry import AuditEntry

    client = signed_in(world, "works-here", **who)
    assert PAGE in client.get("/desk/devices").text
    assert "nhận mới 1 đánh giá" in upload(client, queue_file(device, [answer()])).text
    [trace] = database.session.scalars(database.select(AuditEntry).filter_by(action="import_queue_file"))
    assert (trace.object_id, trace.after) == (device.id, {"stored": 1})


def test_an_auditor_sees_the_kiosk_but_may_not_take_its_file_in(
    device: PairedDevice, world: Flask, database: SQLAlchemy
) -> None:
    from survey.responses.models import Response

    client = signed_in(world, "auditor", **AUDITOR)
    assert client.get(f"/desk/devices/{device.id}").status_code == 200
    assert PAGE not in client.get("/desk/devices").text
    world.config["WTF_CSRF_ENABLED"] = False
    sent = client.post(PAGE, data={"file": (io.BytesIO(queue_file(device, [answer()])), "queue.json")})
    assert (client.get(PAGE).status_code, sent.status_code) == (403, 403)
    assert database.session.query(Response).count() == 0


def test_an_auditor_who_is_an_officer_elsewhere_may_not_take_in_a_file_from_here(
    device: PairedDevice, world: Flask, database: SQLAlchemy
) -> None:
    from survey.accounts.models import RoleGrant, User
    from survey.responses.models import Response

    client = signed_in(world, "two-roles", **AUDITOR)
    user = database.session.query(User).filter_by(username="two-roles").one()
    grant = RoleGrant(role="officer", province_id=user.grants[0].province_id, sector="health")
    user.grants.append(grant)
    database.session.commit()
    assert upload(client, queue_file(device, [answer()])).status_code == 403
    assert database.session.query(Response).count() == 0


@pytest.mark.parametrize("who", STRANGERS, ids=["other sector", "other province"])
def test_a_strangers_file_is_refused_as_if_there_were_no_such_kiosk(
    device: PairedDevice, world: Flask, who: dict[str, str], database: SQLAlchemy
) -> None:
    from survey.responses.models import Response

    assert upload(signed_in(world, "stranger", **who), queue_file(device, [answer()])).status_code == 404
    assert database.session.query(Response).count() == 0


def test_a_device_that_told_no_public_key_pairs_as_ever_but_no_file_of_it_is_taken_in(
    world: Flask, owner: FlaskClient, database: SQLAlchemy
) -> None:
    from kiosk import pairing
    from survey.devices.models import Device

    code = pairing.issue_code(COUNTER)
    paired = world.test_client().post("/kiosk/api/pair", json={"code": code})
    assert {"device", "key", "counter"} <= paired.json.keys()
    stored = database.session.get_one(Device, uuid.UUID(paired.json["device"]))
    for key in (stored.key_digest, paired.json["key"]):
        payload = queue_file_of(paired.json["device"], DeviceKeys(), [answer()])
        forged = json.loads(payload) | {"signature": hmac.new(key.encode(), payload, "sha256").hexdigest()}
        refused = upload(owner, json.dumps(forged).encode())
        assert refused.status_code == 422
        assert "chưa đăng ký khóa ký" in refused.text


def as_sent(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


GOOD = base64.b64decode(DeviceKeys().public)
P256, OTHER_ALGORITHM = bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d0201")
UNREADABLE = {"no base64": "x", "no ASCII": "é", "too long": "A" * 300}
NO_KEYS = {
    "nonsense": b"x" * 91,
    "nothing": b"",
    "another curve": as_sent(ec.generate_private_key(ec.SECP384R1())),
    "a curve of the same length": as_sent(ec.generate_private_key(ec.SECP256K1())),
    "another algorithm": as_sent(ed25519.Ed25519PrivateKey.generate()),
    "a curve that nobody knows": GOOD.replace(P256, P256[:-1] + b"\x63"),
    "an algorithm that nobody knows": GOOD.replace(OTHER_ALGORITHM, OTHER_ALGORITHM[:-1] + b"\x63"),
    "a point off the curve": GOOD[:-64] + bytes(63) + b"\x01",
    "the point at infinity": GOOD[:-65] + b"\x00",
}


@pytest.mark.parametrize("name", [*UNREADABLE, *NO_KEYS])
def test_pairing_takes_a_p256_key_and_no_other(world: Flask, name: str) -> None:
    from kiosk import pairing

    wrong = UNREADABLE.get(name) or base64.b64encode(NO_KEYS[name]).decode()

    with world.app_context():
        code = pairing.issue_code(COUNTER)
    answered = world.test_client().post("/kiosk/api/pair", json={"code": code, "public_key": wrong})
    assert answered.status_code == 400, wrong
    good = world.test_client().post("/kiosk/api/pair", json={"code": code, "public_key": DeviceKeys().public})
    assert good.status_code == 200, "the code was not used up"


def test_a_key_with_any_byte_changed_is_a_key_or_refused() -> None:
    read = 0
    for place, other in product(range(len(GOOD)), (0x01, 0x80, 0xFF)):
        changed = bytearray(GOOD)
        changed[place] ^= other
        try:
            read_public_key(base64.b64encode(changed).decode())
        except ValueError:
            continue
        read += 1
    assert read < len(GOOD), "points off the curve are refused"


def test_an_older_device_tells_its_key_once_and_nobody_replaces_it_but_by_pairing(
    device: PairedDevice, pair: Pair, database: SQLAlchemy
) -> None:
    from survey.devices.models import Device

    def told() -> str | None:
        database.session.rollback()
        return database.session.get_one(Device, uuid.UUID(device.id)).public_key

    def say(key: str) -> None:
        said = {"public_key": key}
        assert device.client.post("/kiosk/api/status", json=said, headers=device.headers).status_code == 200

    say(DeviceKeys().public)
    assert told() == device.keys.public
    database.session.get_one(Device, uuid.UUID(device.id)).public_key = None
    database.session.commit()
    for wrong in ("nonsense", *(base64.b64encode(key).decode() for key in NO_KEYS.values())):
        say(wrong)
        assert told() is None
    say(device.keys.public)
    assert told() == device.keys.public
    say(DeviceKeys().public)
    assert told() == device.keys.public


def test_a_file_always_opens_a_signal_with_its_share_and_the_same_file_opens_it_once(
    device: PairedDevice, owner: FlaskClient, database: SQLAlchemy
) -> None:
    from analysis.signals.models import Signal

    file = queue_file(device, [answer(), answer()])
    for _time in range(2):
        upload(owner, file)
    [signal] = database.session.scalars(database.select(Signal))
    assert (signal.kind, signal.evidence["revoked"], signal.evidence["counts"]) == ("file", False, {"stored": 2})
    page = owner.get(f"/desk/signals/{signal.id}")
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert "2 phiếu được lấy từ tệp hàng chờ của kiosk" in page.text
    upload(owner, queue_file(device, [answer(counter="quay-9")]))
    database.session.rollback()
    assert database.session.query(Signal).count() == 2, "a file that brought nothing is looked at as well"


def test_the_share_from_files_stands_beside_the_figure(
    device: PairedDevice, owner: FlaskClient, database: SQLAlchemy
) -> None:
    from analysis.figures.query import FigureQuery
    from analysis.figures.service import answer as figure_of
    from survey.foundation.clock import month_of, today
    from survey.foundation.periods import Period

    device.send(*(answer() for _number in range(3)))
    upload(owner, queue_file(device, [answer()]))
    question = FigureQuery(province="dak-lak", subject="agency_service", period=Period.parse(month_of(today())))
    [note] = [told for told in figure_of(question).notes if told.code == "queue_file"]
    assert note.message.endswith(": 1 phiếu (25,0 %).")


def test_what_a_revoked_device_dates_later_is_refused_and_what_it_dates_earlier_is_flagged(
    device: PairedDevice, owner: FlaskClient, database: SQLAlchemy
) -> None:
    from analysis.signals.models import Signal
    from survey.devices.models import Device
    from survey.foundation.clock import now
    from survey.responses.models import Response

    earlier = answer()
    database.session.get_one(Device, uuid.UUID(device.id)).revoked_at = now()
    database.session.commit()
    later = answer(answered_at=(now() + dt.timedelta(seconds=1)).isoformat())
    assert device.client.post("/kiosk/api/responses", json={"responses": []}, headers=device.headers).status_code == 401
    shown = upload(owner, queue_file(device, [earlier, later])).text
    assert "nhận mới 1 đánh giá, 0 đã có từ trước, 1 bị từ chối" in shown
    assert "Máy đã bị thu hồi khóa" in shown
    assert [str(id_) for id_ in database.session.scalars(database.select(Response.id))] == [earlier["id"]]
    [signal] = database.session.scalars(database.select(Signal))
    assert signal.evidence["revoked"]
    assert "Khóa của kiosk đã bị thu hồi trước đó." in owner.get(f"/desk/signals/{signal.id}").text
