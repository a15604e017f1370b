"""Sessions live on the server: they end by hand, by time, by a new password and by a change of roles."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.accounts.models import StaffSession
from tests.accounts.test_signing_in import NOON, sign_in, token_in
from tests.support.html import assert_valid_html
from tests.support.staff import make_user

PAGE = "/desk/account"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def staff_member(app: Flask) -> int:
    return make_user(app, "can-bo", "administrator")


def copy_of(client: FlaskClient) -> FlaskClient:
    """Somebody who copied a browser's cookies."""
    thief = client.application.test_client()
    thief._cookies.update(client._cookies)
    return thief


def is_in(client: FlaskClient) -> bool:
    return client.get(PAGE).status_code == 200


def press(client: FlaskClient, address: str) -> None:
    answer = client.post(address, data={"csrf_token": token_in(client.get(PAGE).text)})
    assert answer.status_code == 302


def test_a_copied_cookie_gives_nothing_once_its_owner_has_signed_out(client: FlaskClient) -> None:
    sign_in(client, "can-bo")
    thief = copy_of(client)
    assert is_in(thief)
    press(client, "/logout")
    assert not is_in(thief)


def test_the_cookie_holds_no_key_that_the_database_holds(client: FlaskClient, database: SQLAlchemy) -> None:
    sign_in(client, "can-bo")
    [row] = database.session.scalars(select(StaffSession))
    cookie = client.get_cookie("hai_long")
    assert cookie is not None
    assert row.token_digest not in cookie.value
    with client.session_transaction() as session:
        session["_user_id"] = row.token_digest  # even who could sign cookies would need the secret itself
    assert not is_in(client)


def test_a_session_ends_after_eight_hours_without_use_and_after_twelve_in_any_case(client: FlaskClient) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        sign_in(client, "can-bo")
        for _hours in range(2):
            clock.shift(dt.timedelta(hours=5, minutes=59))
            assert is_in(client)
        clock.shift(dt.timedelta(minutes=2))
        assert not is_in(client)
        sign_in(client, "can-bo")
        clock.shift(dt.timedelta(hours=8))
        assert not is_in(client)


def test_ones_sessions_are_listed_and_each_can_be_ended_from_another(app: Flask, client: FlaskClient) -> None:
    elsewhere = app.test_client()
    elsewhere.environ_base["HTTP_USER_AGENT"] = FIREFOX
    for browser in (client, elsewhere):
        sign_in(browser, "can-bo")
    for language in ("", "?lang=en"):
        shown = client.get(PAGE + language)
        assert_valid_html(shown.text, shown.headers["Content-Security-Policy"])
    assert "Firefox, Windows" in shown.text
    [end] = re.findall(rf"{PAGE}/sessions/\d+/end", shown.text)
    press(client, end)
    assert (is_in(client), is_in(elsewhere)) == (True, False)
    sign_in(elsewhere, "can-bo")
    press(client, f"{PAGE}/sessions/end")
    assert (is_in(client), is_in(elsewhere)) == (True, False)


def test_nobody_ends_a_session_of_somebody_else(app: Flask, client: FlaskClient, database: SQLAlchemy) -> None:
    sign_in(client, "can-bo")
    [row] = database.session.scalars(select(StaffSession.id))
    make_user(app, "nguoi-khac", "administrator")
    other = app.test_client()
    sign_in(other, "nguoi-khac")
    token = token_in(other.get(PAGE).text)
    assert other.post(f"{PAGE}/sessions/{row}/end", data={"csrf_token": token}).status_code == 404
    assert is_in(client)


@pytest.mark.parametrize("ahead", [dt.timedelta(seconds=1), dt.timedelta(minutes=5)])
def test_whoever_signed_in_at_a_server_whose_clock_is_ahead_is_in_at_the_others(
    client: FlaskClient, ahead: dt.timedelta
) -> None:
    with time_machine.travel(NOON + ahead, tick=False):
        sign_in(client, "can-bo")
    with time_machine.travel(NOON, tick=False):
        assert is_in(client)


@pytest.mark.parametrize("hours", [-13, 13])
def test_a_cookie_of_another_half_day_is_worth_nothing_whichever_clock_is_wrong(
    client: FlaskClient, hours: int
) -> None:
    with time_machine.travel(NOON, tick=False):
        sign_in(client, "can-bo")
    with time_machine.travel(NOON + dt.timedelta(hours=hours), tick=False):
        assert not is_in(client)
