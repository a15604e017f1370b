"""What a kiosk says of answers that wait on it, or were refused and are sent again: no id and no minute of them stays.

A thief of two backups would have in the first when each was given, and in the second what it says.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
import zipfile
from pathlib import Path

import flask_migrate
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import insert, select

from survey.devices.models import Device
from survey.foundation.storage.database import db
from tests.guards.test_migrations import unmigrated
from tests.kiosk.conftest import answer
from tests.kiosk.desk import OWNER
from tests.kiosk.test_signed_requests import Signer
from tests.kiosk.world import COUNTER, make_world
from tests.support.staff import signed_in
from tests.support.worlds import stored_world

__all__ = ["unmigrated"]
database_url = stored_world("two_counters", make_world, "app")
GIVEN = dt.datetime(2026, 11, 20, 3, 17, 33, 456789, tzinfo=dt.UTC)
REFUSED = uuid.uuid4()


@pytest.fixture
def kiosk(app: Flask) -> Signer:
    """It has said that an answer waits and another was refused, both given at one moment; two hours later both wait."""
    from kiosk import pairing

    keys = Signer(app.test_client(), "").keys
    with time_machine.travel(GIVEN - dt.timedelta(minutes=5), tick=False), app.app_context():
        paired = pairing.pair(pairing.issue_code(COUNTER), None, keys.public)
    kiosk = Signer(app.test_client(), paired.key, keys)
    with time_machine.travel(GIVEN + dt.timedelta(minutes=40), tick=False):
        refused = {"id": str(REFUSED), "status": "invalid", "problem": "Sai phiếu", "answered_at": GIVEN.isoformat()}
        said = {"queue": 1, "oldest": GIVEN.isoformat(), "refused": [refused], "refused_count": 1}
        body = json.dumps({"sent_at": (GIVEN + dt.timedelta(minutes=40)).isoformat(), **said}).encode()
        headers = {"Authorization": f"Bearer {kiosk.key}"} | keys.signature("POST", "/kiosk/api/status", body)
        assert app.test_client().post("/kiosk/api/status", data=body, headers=headers).status_code == 200
    return kiosk


def test_a_backup_holds_neither_their_minute_nor_an_id_that_an_answer_may_get(
    app: Flask, kiosk: Signer, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    with time_machine.travel(GIVEN + dt.timedelta(hours=2), tick=False):
        assert runner.invoke(args=["survey", "backup", str(tmp_path / "before.zip")]).exit_code == 0
        again = kiosk.send(answer(id=str(REFUSED), answered_at=GIVEN.isoformat()))
        assert [result["status"] for result in again.json["results"]] == ["stored"]
    with zipfile.ZipFile(tmp_path / "before.zip") as archive:
        devices = archive.read("tables/devices.jsonl").decode()
    assert "Sai phiếu" in devices
    assert str(REFUSED) not in devices
    assert ":17" not in devices


def test_nor_does_the_desk_print_them(app: Flask, kiosk: Signer) -> None:
    with time_machine.travel(GIVEN + dt.timedelta(minutes=41), tick=False), app.app_context():
        owner = signed_in(app, "owner", **OWNER)
        [device_id] = db.session.scalars(select(Device.id))
        page = owner.get(f"/desk/devices/{device_id}").text
    assert "Sai phiếu" in page
    assert "10:00" in page  # the hour, in Viet Nam
    assert "10:17" not in page
    assert str(REFUSED) not in page


def test_what_an_earlier_version_kept_of_them_is_gone_after_its_upgrade(unmigrated: Flask) -> None:
    flask_migrate.upgrade(revision="0056")
    refused = [{"id": str(REFUSED), "answered_at": GIVEN.isoformat(), "problem": "Sai phiếu"}]
    revoked = {"id": uuid.uuid4(), "name": "Quầy 1", "key_digest": "0" * 64, "paired_at": GIVEN, "revoked_at": GIVEN}
    with db.engine.begin() as connection:
        status = {"refused": refused, "refused_count": 1}
        connection.execute(insert(Device).values(**revoked, oldest_unsent_at=GIVEN, status=status))
    flask_migrate.upgrade()
    [device] = db.session.scalars(select(Device))
    assert device.status == {"refused_count": 1}
    assert device.oldest_unsent_at == GIVEN.replace(minute=0, second=0, microsecond=0)
