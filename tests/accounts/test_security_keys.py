"""Security keys beside codes: one signs in at our page alone, once for each challenge; codes stay the way round."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.accounts.models import SecurityKey
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.configuration.settings import Settings
from tests.accounts.test_second_factor import actions, is_in
from tests.accounts.test_signing_in import sign_in
from tests.support.cases import in_one_world
from tests.support.databases import SECRET_KEY
from tests.support.html import assert_valid_html
from tests.support.second_factors import PAGE as CODES
from tests.support.second_factors import Phone, enrol, fields_of_form
from tests.support.software_keys import KEYS, ORIGIN, SoftwareKey, asked
from tests.support.staff import PASSWORD, client_of, make_user

NOON = dt.datetime(2030, 5, 6, 5, 0, tzinfo=dt.UTC)
REMOVE, STEP = f"{KEYS}/remove", "/login/key"
Wrong = Callable[[str, SoftwareKey, dict[str, Any]], str]


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True, public_url=ORIGIN)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def owner(app: Flask, clock: time_machine.Coordinates) -> int:
    return make_user(app, "can-bo", "administrator")


@pytest.fixture
def desk(app: Flask, owner: int) -> FlaskClient:
    return client_of(app, owner)


@pytest.fixture
def phone(desk: FlaskClient) -> Phone:
    return enrol(desk)


@pytest.fixture
def key(desk: FlaskClient, phone: Phone) -> SoftwareKey:
    key = SoftwareKey()
    assert add(desk, key, phone.code()).status_code == 302
    return key


def add(desk: FlaskClient, key: SoftwareKey, code: str, name: str = "khóa ở cơ quan") -> TestResponse:
    shown = desk.get(KEYS).text
    sent = fields_of_form(shown, KEYS) | {"name": name, "code": code, "answer": key.make(asked(shown, "add"))}
    return desk.post(KEYS, data=sent)


def touch(client: FlaskClient, shown: TestResponse, key: SoftwareKey) -> TestResponse:
    """Touch a key at the page of the second step."""
    return client.post(STEP, data=fields_of_form(shown.text, STEP) | {"answer": key.sign(asked(shown.text, "sign-in"))})


def test_a_key_opens_after_the_password_and_no_code_is_typed(
    app: Flask, key: SoftwareKey, database: SQLAlchemy
) -> None:
    client = app.test_client()
    shown = sign_in(client, "can-bo")
    assert_valid_html(shown.text, shown.headers["Content-Security-Policy"])
    assert not is_in(client)
    assert touch(client, shown, key).status_code == 302
    assert is_in(client)
    assert actions(database)[-2:] == ["add_security_key", "sign_in"]


def test_an_answer_opens_once(app: Flask, key: SoftwareKey) -> None:
    first, thief = app.test_client(), app.test_client()
    shown = sign_in(first, "can-bo")
    sent = fields_of_form(shown.text, STEP) | {"answer": key.sign(asked(shown.text, "sign-in"))}
    assert first.post(STEP, data=sent).status_code == 302
    theirs = fields_of_form(sign_in(thief, "can-bo").text, STEP)
    assert thief.post(STEP, data=sent | {"csrf_token": theirs["csrf_token"]}).status_code == 401
    assert not is_in(thief)


def test_an_answer_opens_once_even_in_the_last_second_of_its_challenge(
    app: Flask, key: SoftwareKey, clock: time_machine.Coordinates
) -> None:
    clock.move_to(NOON + dt.timedelta(hours=1, microseconds=900_000))
    first, thief = app.test_client(), app.test_client()
    shown = sign_in(first, "can-bo")
    sent = fields_of_form(shown.text, STEP) | {"answer": key.sign(asked(shown.text, "sign-in"))}
    theirs = fields_of_form(sign_in(thief, "can-bo").text, STEP)
    assert first.post(STEP, data=sent).status_code == 302
    clock.shift(dt.timedelta(seconds=600, microseconds=50_000))
    assert thief.post(STEP, data=sent | {"csrf_token": theirs["csrf_token"]}).status_code == 401
    assert not is_in(thief)


def _imitation(_page: str, key: SoftwareKey, asked_for: dict[str, Any]) -> str:
    return replace(key, origin="https://hailong.example.net").sign(asked_for)


def _other_host(_page: str, key: SoftwareKey, asked_for: dict[str, Any]) -> str:
    return key.sign(asked_for | {"rpId": "hailong.example.net"})


def _other_challenge(_page: str, key: SoftwareKey, asked_for: dict[str, Any]) -> str:
    return key.sign(asked_for | {"challenge": "A" * 43})


def _other_key(_page: str, key: SoftwareKey, asked_for: dict[str, Any]) -> str:
    return replace(SoftwareKey(), id=key.id).sign(asked_for)


def _making_one(_page: str, key: SoftwareKey, asked_for: dict[str, Any]) -> str:
    return key.make(asked_for | {"rp": {"id": asked_for["rpId"]}})


def _nonsense(text: str) -> Wrong:
    return lambda _page, _key, _asked: text


@in_one_world(
    "wrong",
    [
        *(_imitation, _other_host, _other_challenge, _other_key, _making_one),
        *map(_nonsense, ("", "null", "[]", "{}", '{"response": 1}', "[" * 5000, '{"id": "\\ud800"}')),
    ],
)
def test_what_no_key_of_the_account_signed_here_and_now_opens_nothing(
    app: Flask, key: SoftwareKey, clock: time_machine.Coordinates, wrong: Wrong
) -> None:
    clock.shift(dt.timedelta(hours=1))  # attempts of before are forgotten
    client = app.test_client()
    shown = sign_in(client, "can-bo")
    answer = wrong(shown.text, key, asked(shown.text, "sign-in"))
    refused = client.post(STEP, data=fields_of_form(shown.text, STEP) | {"answer": answer})
    assert refused.status_code == 401
    assert not is_in(client)
    assert touch(client, refused, key).status_code == 302  # the page that refused asks anew


def test_another_accounts_key_and_challenge_open_nothing(app: Flask, key: SoftwareKey) -> None:
    other = client_of(app, make_user(app, "nguoi-khac", "officer"))
    own = SoftwareKey()
    assert add(other, own, enrol(other).code()).status_code == 302
    theirs = sign_in(app.test_client(), "nguoi-khac")
    client = app.test_client()
    shown = sign_in(client, "can-bo")
    fields = fields_of_form(shown.text, STEP) | {"sealed": fields_of_form(theirs.text, STEP)["sealed"]}
    sent = fields | {"answer": own.sign(asked(theirs.text, "sign-in"))}
    assert client.post(STEP, data=sent).status_code == 401
    assert not is_in(client)


def test_a_page_by_another_address_asks_for_a_code(app: Flask, key: SoftwareKey, phone: Phone) -> None:
    client = app.test_client()
    shown = client.get("/login", base_url="http://127.0.0.1")
    sent = fields_of_form(shown.text, "/login") | {"username": "can-bo", "password": PASSWORD}
    shown = client.post("/login", data=sent, base_url="http://127.0.0.1")
    assert "data-key-sign-in" not in shown.text
    assert 'name="code"' in shown.text


def test_codes_come_first_and_a_key_is_added_against_one(
    app: Flask, desk: FlaskClient, clock: time_machine.Coordinates, database: SQLAlchemy
) -> None:
    assert desk.get(KEYS).location == CODES
    phone, key = enrol(desk), SoftwareKey()
    page = desk.get(KEYS)
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert add(desk, key, "000000").status_code == 422
    shown = desk.get(KEYS).text
    nothing = fields_of_form(shown, KEYS) | {"name": "khóa", "code": phone.code(), "answer": "{}"}
    assert desk.post(KEYS, data=nothing).status_code == 422
    assert database.session.scalars(select(SecurityKey)).all() == []


def test_adding_a_key_ends_the_other_sessions_and_is_written_down(
    app: Flask, owner: int, desk: FlaskClient, phone: Phone, database: SQLAlchemy
) -> None:
    elsewhere = client_of(app, owner)
    assert is_in(elsewhere)
    add(desk, SoftwareKey(), phone.code(), "khóa mới")
    assert is_in(desk)
    assert not is_in(elsewhere)
    entry = database.session.scalars(select(AuditEntry).filter_by(action="add_security_key")).one()
    assert entry.after == {"security_key": "khóa mới"}


def test_a_key_is_taken_away_against_a_code_and_all_of_them_with_the_second_factor(
    app: Flask, owner: int, desk: FlaskClient, phone: Phone, clock: time_machine.Coordinates, database: SQLAlchemy
) -> None:
    keys = [SoftwareKey(), SoftwareKey()]
    for key in keys:
        assert add(desk, key, phone.code()).status_code == 302
        clock.shift(dt.timedelta(seconds=60))
    first, second = database.session.scalars(select(SecurityKey.id).order_by(SecurityKey.id))
    database.session.rollback()
    fields = fields_of_form(desk.get(KEYS).text, REMOVE)
    assert desk.post(REMOVE, data=fields | {"key": str(first), "code": "000000"}).status_code == 422
    assert desk.post(REMOVE, data=fields | {"key": "999999", "code": phone.code()}).status_code == 422
    elsewhere = client_of(app, owner)
    assert is_in(elsewhere)
    assert desk.post(REMOVE, data=fields | {"key": str(first), "code": phone.code()}).status_code == 302
    assert (is_in(desk), is_in(elsewhere)) == (True, False), "signed in with the key that was stolen, maybe"
    assert list(database.session.scalars(select(SecurityKey.id))) == [second]
    database.session.rollback()
    client = app.test_client()
    assert touch(client, sign_in(client, "can-bo"), keys[0]).status_code == 401
    clock.shift(dt.timedelta(seconds=60))
    off = fields_of_form(desk.get(CODES).text, f"{CODES}/off") | {"current": PASSWORD, "code": phone.code()}
    assert desk.post(f"{CODES}/off", data=off).status_code == 302
    assert database.session.scalars(select(SecurityKey)).all() == []
