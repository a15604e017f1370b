"""Signing in: who gets in, who does not, and what a stranger can learn from trying."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html
from tests.support.staff import PASSWORD, client_of, make_user

NOON = dt.datetime(2026, 11, 20, 5, 0, tzinfo=dt.UTC)


def token_in(page: str) -> str:
    match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert match, "the form has no CSRF token"
    return match[1]


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD, address: str = "/login"):
    token = token_in(client.get("/login").text)
    return client.post(address, data={"username": username, "password": password, "csrf_token": token})


@pytest.fixture
def staff_member(app: Flask) -> int:
    return make_user(app, "can-bo", "officer", sector="health")


def test_the_right_password_opens_the_desk(app: Flask, client: FlaskClient, staff_member: int) -> None:
    answer = sign_in(client, "can-bo")
    assert (answer.status_code, answer.location) == (302, "/desk/")
    assert client.get("/desk/account/password").status_code == 200


def test_a_user_name_is_read_without_regard_to_case_and_spaces(client: FlaskClient, staff_member: int) -> None:
    assert sign_in(client, "  Can-Bo ").status_code == 302


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(client: FlaskClient, staff_member: int) -> None:
    wrong = sign_in(client, "can-bo", "không phải mật khẩu")
    unknown = sign_in(client, "nobody", "không phải mật khẩu")
    assert wrong.status_code == unknown.status_code == 401
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in wrong.text

    def without_the_typed_name(page: str) -> str:
        return re.sub(r'value="[^"]*"', "", page)

    assert without_the_typed_name(wrong.text) == without_the_typed_name(unknown.text)


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(client: FlaskClient, staff_member: int) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            sign_in(client, "can-bo", "sai mật khẩu rồi")
        assert sign_in(client, "can-bo").status_code == 401
        clock.shift(dt.timedelta(minutes=14, seconds=59))
        assert sign_in(client, "can-bo").status_code == 401
        clock.shift(dt.timedelta(seconds=1))
        assert sign_in(client, "can-bo").status_code == 302


def test_a_success_forgets_earlier_failures(app: Flask, client: FlaskClient, staff_member: int) -> None:
    for _ in range(4):
        sign_in(client, "can-bo", "sai mật khẩu rồi")
    assert sign_in(client, "can-bo").status_code == 302
    other = app.test_client()
    sign_in(other, "can-bo", "sai mật khẩu rồi")
    assert sign_in(other, "can-bo").status_code == 302


def test_a_form_without_its_token_is_refused(client: FlaskClient, staff_member: int) -> None:
    answer = client.post("/login", data={"username": "can-bo", "password": PASSWORD})
    assert answer.status_code == 400


@in_one_world(
    "target",
    [
        "https://evil.example/",
        "//evil.example/desk/",
        "/\\evil.example",
        "/results/",
        "javascript:alert(1)",
        "/desk\n/",
    ],
)
def test_signing_in_never_leads_outside_the_desk(app: Flask, staff_member: int, target: str) -> None:
    client = app.test_client()
    token = token_in(client.get("/login").text)
    form = {"username": "can-bo", "password": PASSWORD, "csrf_token": token}
    answer = client.post("/login", query_string={"next": target}, data=form)
    assert (answer.status_code, answer.location) == (302, "/desk/")


def test_signing_in_leads_back_to_the_page_that_asked(client: FlaskClient, staff_member: int) -> None:
    asked = client.get("/desk/account/password?lang=en")
    assert asked.status_code == 302
    assert asked.location.startswith("/login?next=/desk/account/password?lang%3Den")
    answer = sign_in(client, "can-bo", address=asked.location)
    assert answer.location == "/desk/account/password?lang=en"


def test_nothing_of_the_session_before_survives_the_sign_in(client: FlaskClient, staff_member: int) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by someone else"
    sign_in(client, "can-bo")
    with client.session_transaction() as session:
        assert "planted" not in session


def test_what_any_cache_may_keep_carries_no_session(client: FlaskClient, staff_member: int) -> None:
    sign_in(client, "can-bo")
    assert client.get("/desk/account/password").headers.getlist("Set-Cookie")  # each page of the desk renews it
    for address, vary in (("/static/css/base.css", None), ("/results/", "Cookie")):
        kept = client.get(address)
        assert kept.cache_control.public, address
        assert (kept.headers.getlist("Set-Cookie"), kept.headers.get("Vary")) == ([], vary), address


@in_one_world("path", ["/desk", "/desk/", "/desk/dak-lak/health", "/desk/no/such/page", "/%64esk/x"])
def test_every_address_of_the_desk_asks_a_stranger_to_sign_in(app: Flask, path: str) -> None:
    asked = app.test_client().get(path)
    assert asked.status_code in (302, 308)
    assert asked.location.startswith(("/login", "http://localhost/desk/"))
    # A form posted without a session is refused for its missing token before anything else is looked at.
    assert app.test_client().post(path).status_code in (302, 308, 400)


def test_every_registered_page_of_the_desk_is_behind_the_sign_in(app: Flask, client: FlaskClient) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk")]
    assert rules
    for rule in rules:
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            answer = client.open(path, method=method)
            assert answer.status_code in (302, 308, 400), f"{method} {path} answered {answer.status_code}"


def test_signing_out_ends_the_session(client: FlaskClient, staff_member: int) -> None:
    sign_in(client, "can-bo")
    token = token_in(client.get("/desk/account/password").text)
    assert client.get("/logout").status_code == 405
    assert client.post("/logout", data={"csrf_token": token}).location == "/login"
    assert client.get("/desk/account/password").status_code == 302


def change(client: FlaskClient, current: str, new: str, again: str | None = None):
    token = token_in(client.get("/desk/account/password").text)
    form = {"current": current, "new": new, "again": new if again is None else again, "csrf_token": token}
    return client.post("/desk/account/password", data=form)


def test_changing_the_password_ends_every_other_session(app: Flask, staff_member: int) -> None:
    here, elsewhere = client_of(app, staff_member), client_of(app, staff_member)
    assert change(here, PASSWORD, "mật khẩu mới tinh").status_code == 302
    assert here.get("/desk/account/password").status_code == 200
    assert elsewhere.get("/desk/account/password").status_code == 302
    assert sign_in(app.test_client(), "can-bo").status_code == 401
    assert sign_in(app.test_client(), "can-bo", "mật khẩu mới tinh").status_code == 302


@in_one_world(
    ("current", "new", "again", "message"),
    [
        ("không đúng đâu", "mật khẩu mới tinh", "mật khẩu mới tinh", "Mật khẩu hiện tại không đúng."),
        (PASSWORD, "ngắn", "ngắn", "Mật khẩu cần ít nhất 10 ký tự."),
        (PASSWORD, "can-bo 2026 abc", "can-bo 2026 abc", "Mật khẩu không được chứa tên đăng nhập."),
        (PASSWORD, "aaaaaaaaaaaa", "aaaaaaaaaaaa", "Mật khẩu quá dễ đoán"),
        (PASSWORD, "mật khẩu mới tinh", "mật khẩu mới tin", "Hai lần nhập mật khẩu mới chưa giống nhau."),
        (PASSWORD, "dài " * 40, "dài " * 40, "Mật khẩu dài nhất 128 ký tự."),
    ],
)
def test_a_refused_password_says_why_and_changes_nothing(
    app: Flask, staff_member: int, current: str, new: str, again: str, message: str
) -> None:
    answer = change(client_of(app, staff_member), current, new, again)
    assert answer.status_code == 422
    assert message in answer.text
    assert sign_in(app.test_client(), "can-bo").status_code == 302


def test_the_pages_are_valid_html_in_both_languages(app: Flask, client: FlaskClient, staff_member: int) -> None:
    mine = client_of(app, staff_member)
    for answer in (
        client.get("/login"),
        client.get("/login?lang=en"),
        sign_in(client, "can-bo", "sai mật khẩu rồi"),
        mine.get("/desk/account/password"),
        change(mine, "", ""),
    ):
        assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])


def test_fields_of_passwords_hide_what_is_typed_and_let_managers_fill_and_paste(
    app: Flask, client: FlaskClient
) -> None:
    make_user(app, "can-bo-moi", "officer")
    pages = [client.get("/login").text]
    sign_in(client, "can-bo-moi")
    pages.append(client.get("/desk/account/password").text)
    fields = [
        field for page in pages for field in re.findall(r"<input[^>]*password[^>]*>", page) if "hidden" not in field
    ]
    assert len(fields) >= 4
    for field in fields:
        assert 'type="password"' in field, field
        assert re.search(r'autocomplete="(current|new)-password"', field), field
    assert not any("onpaste" in page for page in pages)


def test_signing_out_stands_on_every_page_of_the_desk_that_names_nothing(app: Flask, client: FlaskClient) -> None:
    make_user(app, "quan-tri-moi", "administrator")
    sign_in(client, "quan-tri-moi")
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk/") and not rule.arguments]
    opened = [client.get(rule.rule, follow_redirects=True) for rule in rules if "GET" in (rule.methods or ())]
    pages = [page for page in opened if page.status_code == 200 and page.mimetype == "text/html"]
    assert len(pages) > 8
    assert [page.request.path for page in pages if '<form method="post" action="/logout">' not in page.text] == []
