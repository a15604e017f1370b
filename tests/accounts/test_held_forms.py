"""What an official was writing survives the end of the session: sign in, go on, send."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.accounts.test_signing_in import token_in
from tests.support.html import assert_valid_html
from tests.support.staff import PASSWORD, make_user, signed_in

pytestmark = pytest.mark.one_database

FORM = "/desk/users/dak-lak/"
WRITTEN = {"username": "moi", "name": 'Người "mới" <b>\n dòng hai', "email": ""}
HERE = {"Sec-Fetch-Site": "same-origin"}
ELSEWHERE = {"Origin": "https://evil.example"}


@pytest.fixture
def writer(app: Flask) -> FlaskClient:
    return signed_in(app, "quan-tri", "administrator")


def ended(client: FlaskClient) -> None:
    """The session is over while the form stands open."""
    client.post("/logout", data={"csrf_token": token_in(client.get("/desk/account").text)})


def fields_in(page: str) -> dict[str, str]:
    main = page[page.index("<blockquote>") :]
    texts = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main)
    return {name: unescape(value) for name, value in texts if name != "csrf_token"}


def sign_in_with(client: FlaskClient, asked: TestResponse, username: str = "quan-tri") -> TestResponse:
    held = re.search(r'name="held"[^>]*value="([^"]+)"', asked.text)
    assert held
    token = token_in(client.get("/login").text)
    form = {"username": username, "password": PASSWORD, "csrf_token": token, "held": held[1]}
    return client.post("/login", data=form)


def test_a_form_sent_after_the_session_ended_is_there_after_signing_in_and_is_sent(writer: FlaskClient) -> None:
    ended(writer)
    asked = writer.post(FORM, data={**WRITTEN, "csrf_token": "old"}, headers=HERE)
    assert asked.status_code == 401
    assert_valid_html(asked.text, asked.headers["Content-Security-Policy"])
    assert WRITTEN["name"] not in asked.text, "sealed: whoever looks at the screen's source reads nothing"
    shown = sign_in_with(writer, asked)
    assert shown.status_code == 200
    assert_valid_html(shown.text, shown.headers["Content-Security-Policy"])
    kept = fields_in(shown.text)
    assert {name: value.replace("\r\n", "\n") for name, value in kept.items()} == WRITTEN
    action = re.search(r'<form method="post" action="(/desk/users[^"]*)"', shown.text)
    assert action
    sent = writer.post(unescape(action[1]), data={**kept, "csrf_token": token_in(shown.text)})
    assert "Mật khẩu đầu tiên" in sent.text


def test_a_page_of_an_earlier_session_is_shown_to_be_sent_from_this_one(writer: FlaskClient) -> None:
    shown = writer.post(FORM, data={**WRITTEN, "csrf_token": "of another session"}, headers=HERE)
    assert shown.status_code == 409
    assert fields_in(shown.text)["username"] == "moi"
    assert "moi</a>" not in writer.get(FORM).text


def test_another_site_cannot_have_a_form_held_or_shown(app: Flask, writer: FlaskClient) -> None:
    for headers in (ELSEWHERE, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert writer.post(FORM, data=WRITTEN, headers=headers).status_code == 400
        stranger = app.test_client().post(FORM, data=WRITTEN, headers=headers)
        assert (stranger.status_code, "held" in stranger.text) == (302, False)
    assert writer.post(FORM, data=WRITTEN).status_code == 400, (
        "who does not say where it comes from gets the error page"
    )


def test_what_was_not_sealed_here_is_not_shown_and_passwords_are_never_held(app: Flask, writer: FlaskClient) -> None:
    ended(writer)
    typed = {"current": PASSWORD, "new": "một câu mới", "again": "một câu mới"}
    assert writer.post("/desk/account/password", data=typed, headers=HERE).status_code == 302
    page = writer.get("/login").text
    form = {"username": "quan-tri", "password": PASSWORD, "csrf_token": token_in(page), "held": "gAAAAAB" + "x" * 80}
    assert writer.post("/login", data=form).location == "/desk/"


def test_a_wrong_password_in_between_loses_nothing(writer: FlaskClient) -> None:
    ended(writer)
    asked = writer.post(FORM, data=WRITTEN, headers=HERE)
    held = re.search(r'name="held"[^>]*value="([^"]+)"', asked.text)
    assert held
    form = {"username": "quan-tri", "password": "sai", "csrf_token": token_in(asked.text), "held": held[1]}
    again = writer.post("/login", data=form)
    assert again.status_code == 401
    assert fields_in(sign_in_with(writer, again).text)["name"]


def left_by_hand(client: FlaskClient) -> None:
    ended(client)


def left_to_end_by_itself(client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = "of a session that is over"


@pytest.mark.parametrize("left", [left_by_hand, left_to_end_by_itself])
def test_whoever_signs_in_next_at_a_shared_computer_is_not_shown_what_another_wrote(
    app: Flask, writer: FlaskClient, left: Callable[[FlaskClient], None]
) -> None:
    make_user(app, "nguoi-khac", "administrator")
    written = {**WRITTEN, "csrf_token": token_in(writer.get(FORM).text)}
    left(writer)
    asked = writer.post(FORM, data=written, headers=HERE)
    shown = sign_in_with(writer, asked, "nguoi-khac")
    assert (shown.status_code, shown.location) == (302, "/desk/")
    again = writer.post(
        FORM, data=written, headers=HERE
    )  # the page still stands open: it is not the next one's to send
    assert again.status_code == 400
    assert "moi" not in writer.get(FORM).text
    ended(writer)
    assert fields_in(sign_in_with(writer, asked).text)["username"] == "moi", "its writer still finds it"
