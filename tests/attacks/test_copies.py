"""What was tried with copies: of a cookie, a backup, a code list, a device key, a queue file. None gives anything."""

from __future__ import annotations

import hmac
import io
import json
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from kiosk import pairing
from survey.channels.tickets import service as tickets
from survey.channels.tickets.models import Ticket
from survey.foundation.clock import start_of_day, today
from survey.foundation.identifiers import digest
from survey.foundation.security import codes as held_codes
from survey.foundation.storage.database import db
from tests.accounts.test_signing_in import sign_in, token_in
from tests.channels.conftest import token_in as form_token
from tests.channels.world import MANY, make_world
from tests.support.device_keys import DeviceKeys, queue_file_of
from tests.support.staff import PASSWORD, make_user
from tests.support.worlds import stored_world

pytestmark = pytest.mark.one_database

database_url = stored_world("counters_of_every_kind", make_world, "stolen")
HEX = frozenset("0123456789abcdef")


class Stolen:
    """A backup, the list of codes that was printed, and the installation they were taken from."""

    def __init__(self, app: Flask, runner: FlaskCliRunner, path: Path) -> None:
        self.app, self.keys = app, DeviceKeys()
        make_user(app, "can-bo", "administrator")
        sign_in(app.test_client(), "can-bo")
        with app.app_context():
            counter_id, province_id = self._counter()
            self.codes = tickets.make_tickets(counter_id, MANY, province_id, "", 4)
            self.device = pairing.pair(pairing.issue_code(MANY), None, self.keys.public)
        for code, value in zip(self.codes[:3], "135", strict=True):
            client = app.test_client()
            token = form_token(client.get(f"/t/{code}").text)
            asked = {"token": token, "overall_service": value, "comment": f"ý kiến {value}", "reply": "1"}
            assert client.post(f"/t/{code}", data=asked).status_code == 200
        assert runner.invoke(args=["survey", "backup", str(path)]).exit_code == 0
        with zipfile.ZipFile(path) as archive:
            self.tables = {name: archive.read(name).decode() for name in archive.namelist()}

    def _counter(self) -> tuple[int, int]:
        from survey.foundation.storage.database import db
        from survey.registry.models import Agency, Counter

        row = db.session.query(Counter.id, Agency.province_id).join(Agency).filter(Counter.code == MANY).one()
        return row[0], row[1]

    @property
    def digests(self) -> Iterator[str]:
        """Everything in the backup that looks like a secret's digest."""
        for text in self.tables.values():
            for part in text.replace("[", ",").replace("]", ",").split(","):
                plain = part.strip().strip('"')
                if len(plain) == 64 and set(plain) <= HEX:
                    yield plain


@pytest.fixture
def stolen(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> Stolen:
    return Stolen(app, runner, tmp_path / "all.zip")


def test_a_copied_cookie_gives_nothing_after_its_owner_signed_out(app: Flask) -> None:
    make_user(app, "can-bo", "administrator")
    owner, thief = app.test_client(), app.test_client()
    sign_in(owner, "can-bo")
    thief._cookies.update(owner._cookies)
    owner.post("/logout", data={"csrf_token": token_in(owner.get("/desk/account").text)})
    assert thief.get("/desk/account").status_code == 302


def test_a_copied_backup_holds_no_session(stolen: Stolen) -> None:
    assert not any("staff_sessions" in name or "attempts" in name for name in stolen.tables)


def test_no_digest_of_a_backup_signs_in_opens_a_code_or_speaks_for_a_kiosk(stolen: Stolen) -> None:
    digests = set(stolen.digests)
    assert len(digests) > 6, "tickets, cases, a kiosk"
    client = stolen.app.test_client()
    for stored_digest in digests:
        headers = {"Authorization": f"Bearer {stored_digest}"}
        assert client.post("/kiosk/api/responses", json={"responses": []}, headers=headers).status_code == 401
    for stored_digest in sorted(digests)[:4]:
        assert client.get(f"/t/{stored_digest[:13].upper()}").status_code == 404
        assert client.get(f"/p/{stored_digest[:16].upper()}").status_code == 404
    assert sign_in(stolen.app.test_client(), "can-bo", sorted(digests)[0]).status_code == 401


def test_no_digest_of_a_backup_signs_a_queue_file(stolen: Stolen) -> None:
    client: FlaskClient = stolen.app.test_client()
    sign_in(client, "can-bo", PASSWORD)
    true = json.loads(queue_file_of(str(stolen.device.device_id), stolen.keys, []))
    for key in {*stolen.digests, stolen.device.key, stolen.keys.public}:
        made = hmac.new(key.encode(), true["payload"].encode(), "sha256").hexdigest()
        for signature in (made, made * 2):
            file = json.dumps(true | {"signature": signature}).encode()
            token = token_in(client.get("/desk/devices/import").text)
            sent = {"csrf_token": token, "file": (io.BytesIO(file), "x.json")}
            assert client.post("/desk/devices/import", data=sent).status_code == 422


def test_the_code_list_and_a_backup_together_link_no_code_to_an_answer(stolen: Stolen) -> None:
    rows = [json.loads(line) for line in stolen.tables["tables/tickets.jsonl"].splitlines()]
    answers = [json.loads(line)[0] for line in stolen.tables["tables/responses.jsonl"].splitlines()]
    assert (len(rows), len(answers)) == (4, 3)
    told = json.dumps(rows)
    assert not any(answer in told or answer.replace("-", "") in told for answer in answers)
    for code in stolen.codes:
        assert code not in told
        assert digest(code) not in told
    tried = {digest(f"{row[0]}:{answer}") for row in rows for answer in answers}
    assert not any(mark in told for mark in tried), "the mark cannot be tried without the server's key"


def test_a_copied_queue_file_brings_nothing_twice_and_nothing_changed(stolen: Stolen) -> None:
    client = stolen.app.test_client()
    sign_in(client, "can-bo")
    file = queue_file_of(str(stolen.device.device_id), stolen.keys, [])
    for content, status in ((file, 200), (file, 200), (file.replace(b"[]", b"[{}]"), 422)):
        token = token_in(client.get("/desk/devices/import").text)
        sent = {"csrf_token": token, "file": (io.BytesIO(content), "x.json")}
        assert client.post("/desk/devices/import", data=sent).status_code == status


def test_a_revoked_devices_key_speaks_for_nobody(stolen: Stolen) -> None:
    from survey.devices.models import Device
    from survey.foundation.clock import now
    from survey.foundation.storage.database import writing

    with stolen.app.app_context(), writing() as session:
        session.get_one(Device, stolen.device.device_id).revoked_at = now()
    headers = {"Authorization": f"Bearer {stolen.device.key}"}
    for path in ("config", "responses", "status"):
        answer = stolen.app.test_client().open(
            f"/kiosk/api/{path}", method="GET" if path == "config" else "POST", json={"responses": []}, headers=headers
        )
        assert answer.status_code == 401, path


def test_neither_place_nor_time_of_a_ticket_tells_which_code_of_the_list_it_is(stolen: Stolen) -> None:
    with stolen.app.app_context():
        counter_id, province_id = stolen._counter()
        codes = tickets.make_tickets(counter_id, MANY, province_id, "", 200)
        rows = db.session.execute(select(Ticket.code_digest, Ticket.made_at).order_by(Ticket.id)).all()[-200:]
        places = {digest: place for place, (digest, _made) in enumerate(rows)}
        in_list = [places[held_codes.stored_digest("ticket", code)] for code in codes]
    assert in_list not in (sorted(in_list), sorted(in_list, reverse=True))
    neighbours = sum(abs(first - second) == 1 for first, second in pairwise(in_list))
    assert neighbours < 20, "by chance two of two hundred"
    assert {made for _digest, made in rows} == {start_of_day(today())}
