"""The fleet at the desk: what each kiosk says of itself, and what staff may do with it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from flask_sqlalchemy import SQLAlchemy

from kiosk.fleet.device_health import span_words
from survey.foundation.clock import now
from survey.foundation.storage.database import db
from tests.kiosk.conftest import Pair, PairedDevice, answer
from tests.kiosk.desk import AGENCY_MANAGER, COLLEAGUE, OWNER, STRANGERS, post
from tests.kiosk.world import COUNTER, OTHER_COUNTER
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

MINUTE = dt.timedelta(minutes=1)


def status_report(**changes: Any) -> dict[str, Any]:
    return {
        "sent_at": now().isoformat(),
        "counter": COUNTER,
        "version": "abc",
        "queue": 3,
        "oldest": (now() - 90 * MINUTE).isoformat(),
        "battery": 0.4,
        "charging": False,
        "storage_used": 5_000_000,
        "storage_quota": 100_000_000,
        "persisted": True,
        "errors": [],
        "refused": [],
        "refused_count": 0,
        **changes,
    }


def report(device: PairedDevice, **changes: Any) -> Any:
    return device.client.post("/kiosk/api/status", json=status_report(**changes), headers=device.headers)


def page_of(client: FlaskClient, device: PairedDevice) -> str:
    shown = client.get(f"/desk/devices/{device.id}")
    assert shown.status_code == 200
    assert_valid_html(shown.text, shown.headers["Content-Security-Policy"])
    return shown.text


def test_a_heartbeat_tells_the_desk_how_the_kiosk_is(device: PairedDevice, owner: FlaskClient) -> None:
    refused = [{"id": str(uuid.uuid4()), "status": "invalid", "problem": "Sai phiếu", "answered_at": "2026-11-20"}]
    answered = report(
        device,
        battery=0.1,
        refused=refused,
        refused_count=1,
        storage_used=95_000_000,
        persisted=False,
        errors=[{"at": "2026-11-20T01:00:00Z", "message": "QuotaExceededError: full"}],
        sent_at=(now() + dt.timedelta(hours=3)).isoformat(),
    )
    assert answered.status_code == 200
    assert abs(dt.datetime.fromisoformat(answered.json["now"]) - now()) < MINUTE

    page = page_of(owner, device)
    for words in ("Pin còn 10 %", "từ chối 1 đánh giá", "Sai phiếu", "đã dùng 95 %", "nhanh 3 giờ", "QuotaExceeded"):
        assert words in page
    assert "chưa hứa giữ" in page


def test_a_heartbeat_never_fails_on_nonsense(device: PairedDevice, database: SQLAlchemy) -> None:
    nonsense: list[Any] = [None, -1, 10**30, "\ud800", [], {"a": 1}, True, "2026-99-99", [7], [{"id": 7}], 0.5]
    for value in nonsense:
        body = json.dumps(dict.fromkeys(status_report(), value))
        answered = device.client.post("/kiosk/api/status", data=body, headers=device.headers)
        assert answered.status_code == 200, value


def test_a_heartbeat_says_when_there_is_a_new_configuration(device: PairedDevice) -> None:
    etag = device.client.get("/kiosk/api/config", headers=device.headers).headers["ETag"]
    assert etag == f'"{report(device).json["config"]}"'


def test_the_list_counts_kiosks_out_of_contact_and_answers_not_sent(
    device: PairedDevice, pair: Pair, owner: FlaskClient, time_machine: Any
) -> None:
    other = pair(OTHER_COUNTER)
    report(device)
    time_machine.move_to(now() + 45 * MINUTE)
    report(other, counter=OTHER_COUNTER, queue=4)

    page = owner.get("/desk/devices")
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert "2 kiosk đang dùng: 1 đang liên lạc, 1 mất liên lạc. 7 đánh giá chưa gửi." in page.text


def test_silent_devices_are_those_in_use_that_were_not_heard_of(
    device: PairedDevice, pair: Pair, world: Flask, time_machine: Any
) -> None:
    from survey.devices.queries import silent_devices

    start = now()
    other = pair(OTHER_COUNTER)
    report(device)
    time_machine.move_to(start + 40 * MINUTE)
    report(device)
    with world.app_context():
        from survey.registry.models import Province

        province = db.session.query(Province).filter_by(key="dak-lak").one().id
        silent = silent_devices(province)
        elsewhere = silent_devices(province, agency_ids=[])

    assert [(str(device.device_id), device.counter) for device in silent] == [(other.id, OTHER_COUNTER)]
    assert elsewhere == []


@pytest.mark.parametrize("who", [OWNER, AGENCY_MANAGER], ids=["owner of the sector", "manager of the agency"])
def test_those_in_charge_may_rename_move_and_revoke(device: PairedDevice, world: Flask, who: dict[str, str]) -> None:
    client = signed_in(world, "in-charge", **who)
    page = f"/desk/devices/{device.id}"

    assert post(client, page, f"{page}/name", name="Máy cửa ra").status_code == 302
    assert post(client, page, f"{page}/counter", counter=OTHER_COUNTER).status_code == 302
    shown = page_of(client, device)
    assert "Máy cửa ra" in shown
    assert "Quầy số 2 (quay-2)" in shown
    assert post(client, page, f"{page}/revoke").status_code == 302
    assert "Đã thu hồi" in page_of(client, device)
    assert report(device).status_code == 401


def test_a_colleague_sees_the_kiosks_but_may_change_nothing(device: PairedDevice, world: Flask) -> None:
    client = signed_in(world, "colleague", **COLLEAGUE)
    page = page_of(client, device)
    assert '<form method="post" action="/desk/devices' not in page
    world.config["WTF_CSRF_ENABLED"] = False
    for action in ("name", "counter", "revoke", "code", "pin"):
        assert client.post(f"/desk/devices/{device.id}/{action}", data={"name": "x"}).status_code == 403
    assert client.get("/desk/devices/pair").status_code == 403


@pytest.mark.parametrize("who", STRANGERS, ids=["other sector", "other province"])
def test_a_stranger_learns_not_even_that_a_kiosk_exists(
    device: PairedDevice, world: Flask, who: dict[str, str]
) -> None:
    client = signed_in(world, "stranger", **who)
    assert client.get(f"/desk/devices/{device.id}").status_code == 404
    assert "Chưa có kiosk nào" in client.get("/desk/devices").text
    world.config["WTF_CSRF_ENABLED"] = False
    for action in ("name", "counter", "revoke", "code", "pin"):
        assert client.post(f"/desk/devices/{device.id}/{action}", data={"name": "x"}).status_code == 404
    assert client.post("/desk/devices/pair", data={"counter": COUNTER}).status_code in (403, 422)


def test_the_desk_shows_a_pairing_code_that_works(world: Flask, owner: FlaskClient) -> None:
    shown = post(owner, "/desk/devices/pair", "/desk/devices/pair", counter=COUNTER)
    code = re.search(r'id="pairing-code">([^<]+)<', shown.text)
    assert code

    paired = world.test_client().post("/kiosk/api/pair", json={"code": code[1]})
    assert paired.json["counter"] == COUNTER


def test_a_new_pin_shown_at_the_desk_is_the_one_the_device_checks(device: PairedDevice, owner: FlaskClient) -> None:
    page = f"/desk/devices/{device.id}"
    shown = post(owner, page, f"{page}/pin")
    pin = re.search(r'id="pin">(\d{6})<', shown.text)
    assert pin

    check = device.client.get("/kiosk/api/config", headers=device.headers).json["pin"]
    made = hashlib.pbkdf2_hmac("sha256", pin[1].encode(), bytes.fromhex(check["salt"]), check["iterations"])
    assert made.hex() == check["hash"]


def test_a_moved_kiosk_keeps_its_old_counter_until_it_says_it_has_changed(
    device: PairedDevice, owner: FlaskClient, database: SQLAlchemy, time_machine: Any
) -> None:
    from survey.responses.models import Response

    start = now()
    post(owner, f"/desk/devices/{device.id}", f"/desk/devices/{device.id}/counter", counter=OTHER_COUNTER)
    time_machine.move_to(start + dt.timedelta(hours=5))
    unaware, aware = answer(), answer(counter=OTHER_COUNTER)
    report(device, counter=OTHER_COUNTER)
    time_machine.move_to(start + dt.timedelta(hours=9))

    assert device.statuses(unaware, aware, answer()) == ["stored", "stored", "invalid"]
    counters = database.session.execute(database.select(Response.counter_id)).scalars()
    assert len(set(counters)) == 2


def test_a_kiosk_sent_away_and_back_before_it_has_heard_of_it_stays(
    device: PairedDevice, owner: FlaskClient, database: SQLAlchemy
) -> None:
    from kiosk.queries import fetch_latest_counter

    page = f"/desk/devices/{device.id}"
    for counter in (OTHER_COUNTER, COUNTER):
        post(owner, page, f"{page}/counter", counter=counter)
    assert fetch_latest_counter(database.session(), uuid.UUID(device.id))[1] == COUNTER
    report(device, counter=COUNTER)
    assert device.statuses(answer()) == ["stored"]


def test_every_change_leaves_a_trace(device: PairedDevice, owner: FlaskClient, database: SQLAlchemy) -> None:
    from survey.accounts.words import action_words
    from survey.foundation.changes.audit_entry import AuditEntry

    page = f"/desk/devices/{device.id}"
    post(owner, page, f"{page}/name", name="Máy mới")
    post(owner, page, f"{page}/counter", counter=OTHER_COUNTER)
    post(owner, page, f"{page}/pin")
    post(owner, page, f"{page}/code")
    post(owner, page, f"{page}/revoke")

    traces = database.session.scalars(database.select(AuditEntry).order_by(AuditEntry.id))
    actions = [trace.action for trace in traces]
    first = ["issue_pairing_code", "pair"]
    assert actions == [*first, "rename", "move", "renew_pin", "issue_pairing_code", "revoke"]
    assert [action for action in (*actions, "import_queue_file") if action_words(action) == action] == []


def test_a_clock_that_is_wrong_says_by_how_much_in_both_languages(world: Flask) -> None:
    with world.test_request_context():
        told = [span_words(seconds) for seconds in (0.4, 1, -59, 60, -7200, 3 * 86400)]
    assert told == ["đúng giờ", "nhanh 1 giây", "chậm 59 giây", "nhanh 1 phút", "chậm 2 giờ", "nhanh 3 ngày"]
    with world.test_request_context(), force_locale("en"):
        assert span_words(-59) == "slow 59 seconds"
