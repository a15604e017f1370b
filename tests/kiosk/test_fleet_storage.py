"""What the desk says of kiosks whose disk, clock or browser endangers answers."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.foundation.clock import now
from survey.foundation.storage.database import db
from tests.kiosk.conftest import Pair, PairedDevice, answer
from tests.kiosk.desk import STRANGERS
from tests.kiosk.test_fleet import page_of, report
from tests.kiosk.world import COUNTER
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

HOUR = dt.timedelta(hours=1)


def list_of(client: FlaskClient) -> str:
    page = client.get("/desk/devices")
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    return page.text


def test_a_kiosk_without_indexeddb_stands_in_the_list_with_what_it_still_holds(
    device: PairedDevice, owner: FlaskClient
) -> None:
    report(device, queue=37)
    body = {"sent_at": now().isoformat(), "missing": ["missing_database", "missing_nothing"]}
    assert device.client.post("/kiosk/api/status", json=body, headers=device.headers).status_code == 200

    page = list_of(owner)
    for words in (
        "1 kiosk có liên lạc nhưng không nhận đánh giá được",
        "Máy không có nơi lưu (IndexedDB)",
        "Trước đó máy còn giữ 37 đánh giá chưa gửi",
    ):
        assert words in page
    report(device, queue=37)
    assert "không nhận đánh giá" not in list_of(owner)


def test_a_kiosk_that_can_take_no_answers_stands_beside_figures_as_a_silent_one_does(
    device: PairedDevice, world: Flask
) -> None:
    from survey.devices.queries import silent_devices
    from survey.registry.models import Province

    def shown() -> list[tuple[str, bool]]:
        with world.app_context():
            province = db.session.query(Province).filter_by(key="dak-lak").one().id
            return [(str(silent.device_id), silent.is_unfit) for silent in silent_devices(province)]

    report(device)
    assert shown() == []
    report(device, missing=["missing_database"])
    assert shown() == [(device.id, True)]


def test_an_emptied_kiosk_says_how_much_may_be_lost_until_it_is_paired_again(
    device: PairedDevice, owner: FlaskClient
) -> None:
    report(device, queue=37)
    for _ in range(2):
        report(device, queue=0, oldest=None, emptied_at="2026-11-20T01:00:00Z")
        told = page_of(owner, device)
        assert "bị xóa (phát hiện 20/11/2026 08:00). Lần báo trước máy giữ 37 đánh giá chưa gửi" in told

    report(device, queue=0, oldest=None)
    assert "đã bị xóa" not in page_of(owner, device)


def test_the_desk_says_whether_data_is_kept_for_good_and_since_when_the_disk_refuses(
    device: PairedDevice, owner: FlaskClient
) -> None:
    report(device, persisted=True)
    assert "có: trình duyệt đã hứa không tự xóa dữ liệu" in page_of(owner, device)

    report(device, persisted=False, disk_refused_at="2026-11-20T01:00:00Z")
    page = page_of(owner, device)
    assert "không: khi thiếu chỗ, trình duyệt có thể xóa dữ liệu" in page
    assert "Máy không ghi được lên đĩa từ 20/11/2026 08:00" in page


def test_the_desk_counts_dates_that_were_corrected_and_that_nobody_vouches_for(
    device: PairedDevice, owner: FlaskClient
) -> None:
    ahead, doubtful = answer(answered_at=(now() + 3 * HOUR).isoformat()), answer()
    device.send(ahead, sent_at=ahead["answered_at"])
    device.send(doubtful, sent_at=now().isoformat(), uncertain=[doubtful["id"]])

    assert "1 được hiệu chỉnh; 1 không kiểm chứng được" in page_of(owner, device)


def test_a_device_that_could_not_be_paired_is_named_to_those_in_charge_until_one_is(
    pair: Pair, world: Flask, owner: FlaskClient
) -> None:
    from kiosk import pairing

    def refuse(code: str, missing: Any) -> int:
        body = {"code": code, "missing": missing}
        status: int = world.test_client().post("/kiosk/api/pair", json=body).status_code
        return status

    with world.app_context():
        code = pairing.issue_code(COUNTER)
    assert refuse("WRONG234", ["missing_database"]) == 404
    assert [refuse(code, missing) for missing in ([], "missing_database", ["x"], 7)] == [400] * 4
    assert "Máy chưa ghép được" not in list_of(owner)
    assert refuse(f"{code[:4].lower()} {code[4:]}", ["missing_worker", "missing_database"]) == 200

    page = list_of(owner)
    assert "Máy chưa ghép được" in page
    assert "Máy không có nơi lưu (IndexedDB)" in page
    assert "Máy chưa ghép được" not in list_of(signed_in(world, "stranger", **STRANGERS[0]))
    pair(COUNTER)
    assert "Máy chưa ghép được" not in list_of(owner)


def test_nonsense_about_the_disk_is_left_out_of_a_heartbeat(device: PairedDevice, owner: FlaskClient) -> None:
    nonsense: list[Any] = [None, -1, 10**30, "\ud800", [], {"a": 1}, True, "2026-99-99", [7], [{"id": 7}], 0.5]
    for value in nonsense:
        body = json.dumps(dict.fromkeys(["missing", "emptied_at", "disk_refused_at"], value))
        answered = device.client.post("/kiosk/api/status", data=body, headers=device.headers)
        assert answered.status_code == 200, value
        assert page_of(owner, device)
