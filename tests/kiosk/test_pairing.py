"""Pairing by a short code, and the configuration a paired device fetches."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy

from survey.foundation.clock import now
from survey.foundation.configuration.settings import Settings
from survey.foundation.identifiers import readable_code
from survey.foundation.security.codes import UNKNOWN_CODES
from survey.foundation.security.keyed import keyed_digest
from tests.kiosk.conftest import Pair, PairedDevice
from tests.kiosk.world import COUNTER, OTHER_COUNTER
from tests.support.applications import application


def code_for(runner: FlaskCliRunner, counter: str = COUNTER) -> str:
    printed = runner.invoke(args=["kiosk", "pair", counter, "--format", "json"])
    assert printed.exit_code == 0, printed.output
    code: str = json.loads(printed.output)["code"]
    return code


def redeem(client: FlaskClient, code: Any, **more: Any) -> Any:
    return client.post("/kiosk/api/pair", json={"code": code, **more})


def test_a_code_gives_a_device_its_own_key(world: Flask, runner: FlaskCliRunner, client: FlaskClient) -> None:
    paired = redeem(client, code_for(runner))

    assert paired.status_code == 200
    assert paired.json["counter"] == COUNTER
    headers = {"Authorization": f"Bearer {paired.json['key']}"}
    config = client.get("/kiosk/api/config", headers=headers)
    assert config.status_code == 200
    assert config.json["device"] == paired.json["device"]


def test_a_code_may_be_typed_in_small_letters_with_spaces(
    world: Flask, runner: FlaskCliRunner, client: FlaskClient
) -> None:
    code = code_for(runner)
    assert redeem(client, f" {code[:4].lower()} {code[4:]} ").status_code == 200


def test_a_code_works_once(world: Flask, runner: FlaskCliRunner, client: FlaskClient) -> None:
    code = code_for(runner)
    redeem(client, code)

    again = redeem(client, code)
    assert again.status_code == 404
    assert "xin mã mới" in again.json["error"]["message"]


def test_a_code_dies_after_half_an_hour(
    world: Flask, runner: FlaskCliRunner, client: FlaskClient, time_machine: Any
) -> None:
    code = code_for(runner)
    time_machine.move_to(now() + dt.timedelta(minutes=31))
    assert redeem(client, code).status_code == 404


@pytest.mark.parametrize("code", [None, 7, ["A"], {"a": 1}])
def test_a_code_that_is_no_text_is_malformed(world: Flask, client: FlaskClient, code: Any) -> None:
    refused = redeem(client, code)
    assert (refused.status_code, refused.json["error"]["message"]) == (400, "code: phải là chuỗi")


@pytest.mark.parametrize(
    ("language", "body", "message"),
    [
        ("vi", {}, "thiếu khóa: code"),
        (
            "vi",
            {"code": "A", "key": 7, "public_key": "x"},
            "key: phải là chuỗi; public_key: phải là khóa công khai P-256",
        ),
        ("vi", {"code": "A", "missing": ["nothing"]}, "missing: phải là danh sách những gì trình duyệt còn thiếu"),
        ("en", {"code": "A", "missing": []}, "missing: must be a list of what the browser lacks"),
    ],
)
def test_a_malformed_request_is_told_every_mistake_with_its_place(
    world: Flask, client: FlaskClient, language: str, body: Any, message: str
) -> None:
    refused = client.post(f"/kiosk/api/pair?lang={language}", json=body)
    assert refused.status_code == 400
    assert refused.json["error"]["message"].startswith(message)


def test_only_digests_of_keys_and_codes_are_stored(
    world: Flask, runner: FlaskCliRunner, client: FlaskClient, database: SQLAlchemy
) -> None:
    from survey.devices.models import Device, PairingCode

    code = code_for(runner)
    key = redeem(client, code).json["key"]

    [device] = database.session.scalars(database.select(Device))
    [pairing_code] = database.session.scalars(database.select(PairingCode))
    assert device.key_digest == hashlib.sha256(key.encode()).hexdigest()
    with world.app_context():
        assert pairing_code.code_digest == keyed_digest("pairing code", code)


def test_an_unknown_counter_ends_the_command_with_2_and_a_message(world: Flask, runner: FlaskCliRunner) -> None:
    refused = runner.invoke(args=["kiosk", "pair", "khong-co"])

    assert refused.exit_code == 2
    assert "khong-co" in refused.stderr


def test_without_a_counter_the_first_one_is_paired(world: Flask, runner: FlaskCliRunner, client: FlaskClient) -> None:
    printed = runner.invoke(args=["kiosk", "pair"])
    code = printed.output.split(": ")[1].split(" (")[0]

    assert redeem(client, code).json["counter"] == COUNTER


def test_without_any_counter_there_is_nothing_to_pair_with(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["kiosk", "pair"]).exit_code == 2


def test_a_closed_counter_gets_no_code(world: Flask, runner: FlaskCliRunner) -> None:
    from survey.foundation.clock import today
    from survey.foundation.storage.database import writing
    from survey.registry.models import Counter

    with world.app_context(), writing() as session:
        session.query(Counter).filter_by(code=COUNTER).one().closed_on = today()

    assert runner.invoke(args=["kiosk", "pair", COUNTER]).exit_code == 2


def test_a_device_that_is_paired_again_stays_the_same_device_with_a_new_key(pair: Pair, device: PairedDevice) -> None:
    again = pair(OTHER_COUNTER, previous_key=device.key)

    assert again.id == device.id
    assert again.client.get("/kiosk/api/config", headers=again.headers).json["counter"] == OTHER_COUNTER
    assert device.client.get("/kiosk/api/config", headers=device.headers).status_code == 401


def test_the_configuration_holds_all_that_is_asked_at_the_counter(device: PairedDevice) -> None:
    config = device.client.get("/kiosk/api/config", headers=device.headers).json

    assert (config["counter"], config["agency"]) == (COUNTER, "ubnd-ea-tam")
    assert config["languages"] == ["vi", "en"]
    assert {service["code"]: service["name"] for service in config["services"]} == {
        "ho-tich": "Đăng ký khai sinh",
        "dat-dai": "Cấp giấy chứng nhận quyền sử dụng đất",
    }
    [questionnaire] = config["questionnaires"]
    assert (questionnaire["key"], questionnaire["version"]) == ("administration", 1)
    assert {"code": "overall_service", "type": "rating"}.items() <= questionnaire["definition"]["items"][0].items()


def test_an_unchanged_configuration_is_not_sent_again(device: PairedDevice, world: Flask) -> None:
    from survey.foundation.storage.database import writing
    from survey.registry.models import Counter

    def fetch(etag: str = "") -> Any:
        return device.client.get("/kiosk/api/config", headers={**device.headers, "If-None-Match": etag})

    etag = fetch().headers["ETag"]
    assert fetch(etag).status_code == 304
    with world.app_context(), writing() as session:
        session.query(Counter).filter_by(code=COUNTER).one().name = "Quầy tiếp nhận"
    renewed = fetch(etag)
    assert renewed.status_code == 200
    assert renewed.headers["ETag"] != etag


def test_the_pin_can_be_checked_on_the_device(world: Flask, runner: FlaskCliRunner, client: FlaskClient) -> None:
    paired = redeem(client, code_for(runner)).json
    pin = client.get("/kiosk/api/config", headers={"Authorization": f"Bearer {paired['key']}"}).json["pin"]

    made = hashlib.pbkdf2_hmac("sha256", paired["pin"].encode(), bytes.fromhex(pin["salt"]), pin["iterations"])
    assert made.hex() == pin["hash"]
    assert len(paired["pin"]) == 6


def test_who_guesses_pairing_codes_is_stopped_over_all_processes_and_others_are_not(
    world: Flask, runner: FlaskCliRunner, settings: Settings
) -> None:
    code = code_for(runner)

    def guess(app: Flask, address: str, asked: dict[str, Any]) -> int:
        return app.test_client().post("/kiosk/api/pair", json=asked, environ_base={"REMOTE_ADDR": address}).status_code

    with application(settings) as other:  # another process: nothing is shared but the database
        for number in range(UNKNOWN_CODES.most):
            missing = {"missing": ["missing_database"]} if number % 3 else {}
            asked = {"code": readable_code(8)} | missing
            assert guess((world, other)[number % 2], "203.0.113.9", asked) == 404
        for app in (world, other):
            assert guess(app, "203.0.113.9", {"code": code}) == 429
        assert guess(other, "203.0.113.10", {"code": code}) == 200


@pytest.mark.parametrize("shift", [-1, 0, 1])
@pytest.mark.parametrize("name", ["closed_on", "valid_to", "valid_from"])
def test_a_kiosk_asks_on_the_days_on_which_the_code_printed_beside_it_opens_a_form(
    device: PairedDevice, world: Flask, name: str, shift: int
) -> None:
    from survey.foundation.clock import today
    from survey.foundation.storage.database import writing
    from survey.registry.models import Counter

    with world.app_context(), writing() as session:
        counter = session.query(Counter).filter_by(code=COUNTER).one()
        place = counter if name == "closed_on" else counter.agency
        setattr(place, name, today() + dt.timedelta(days=shift))

    is_open = device.client.get("/kiosk/api/config", headers=device.headers).json["open"]
    assert is_open == (device.client.get(f"/c/{COUNTER}").status_code == 200)
    assert is_open == {"closed_on": shift > 0, "valid_to": shift >= 0, "valid_from": shift <= 0}[name]
