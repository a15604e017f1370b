"""The queue of a kiosk that cannot reach the server, as a file taken in at the desk."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy

from tests.kiosk.conftest import PairedDevice, answer
from tests.kiosk.desk import AGENCY_MANAGER, COLLEAGUE, OWNER, STRANGERS, post
from tests.support.staff import signed_in

PAGE = "/desk/devices/import"
AUDITOR = {"role": "auditor"}


def queue_file(device: PairedDevice, answers: list[Any], **changes: Any) -> bytes:
    payload = json.dumps(
        {"format": "hai-long-kiosk-queue", "device": device.id, "offsets": {}, "responses": answers, **changes}
    )
    key = hashlib.sha256(device.key.encode()).hexdigest()
    return json.dumps(
        {"payload": payload, "signature": hmac.new(key.encode(), payload.encode(), "sha256").hexdigest()}
    ).encode()


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
    for data in (changed, b"", b"{}", b"[1]", b"\xff", b'{"payload": "{}"}', queue_file(device, [], format="x")):
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
    from survey.staff.models import AuditEntry

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
    from survey.responses.models import Response
    from survey.staff.models import RoleGrant, User

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
