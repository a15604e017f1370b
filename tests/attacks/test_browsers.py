"""What a browser may be made to do: cookies, headers and methods of every address, over HTTPS as in the field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.foundation.configuration.settings import Settings
from tests.accounts.test_signing_in import token_in
from tests.guards.addresses import Address, addresses
from tests.support.databases import SECRET_KEY
from tests.support.staff import PASSWORD, make_user

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]
PUBLIC = "https://hailong.example.vn"
DANGEROUS = re.compile(r"\b(eval|exec|render_template_string|from_string)\(|shell=True|import pickle")
SCRIPTED = re.compile(r"\.(innerHTML|outerHTML)\b|insertAdjacentHTML|document\.write|\beval\(|new Function")


@pytest.fixture
def settings(database_url: str) -> Settings:
    return Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True, public_url=PUBLIC)


def answers(app: Flask, client: FlaskClient) -> list[tuple[Address, TestResponse]]:
    """What every address says to a stranger who asks for it."""
    return [(address, client.open(address.path, base_url=PUBLIC, method=address.method)) for address in addresses(app)]


def test_every_answer_carries_what_keeps_a_browser_from_being_misled(app: Flask, client: FlaskClient) -> None:
    wanted = {
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    every = answers(app, client)
    assert len(every) > 150
    wrong = []
    for address, answer in every:
        policy = answer.headers.get("Content-Security-Policy", "")
        is_right = all(answer.headers.get(name) == value for name, value in wanted.items())
        is_right &= "'unsafe" not in policy and "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
        is_published = address.endpoint.startswith("api.")  # figures anybody may read, sent without a cookie
        is_right &= answer.headers.get("Access-Control-Allow-Origin") == ("*" if is_published else None)
        is_right &= "Access-Control-Allow-Credentials" not in answer.headers
        if not is_right:
            wrong.append(f"{address}: {dict(answer.headers)}")
    assert not wrong, "\n".join(wrong)


def test_every_answer_with_text_says_its_type_and_charset(app: Flask, client: FlaskClient) -> None:
    wrong = [
        f"{address}: {answer.content_type}"
        for address, answer in answers(app, client)
        if answer.data and not (answer.mimetype and ("charset=utf-8" in answer.content_type or is_binary(answer)))
    ]
    assert not wrong, "\n".join(wrong)


def is_binary(answer: TestResponse) -> bool:
    return not answer.mimetype.startswith("text/")


def test_no_address_takes_trace_or_a_method_it_does_not_know(app: Flask, client: FlaskClient) -> None:
    taken = [
        f"{method} {address.rule}: {status}"
        for address in addresses(app)
        for method in ("TRACE", "CONNECT", "PROPFIND")
        if (status := client.open(address.path, base_url=PUBLIC, method=method).status_code) not in (401, 404, 405, 302)
    ]
    assert not taken, "\n".join(taken)


def test_cookies_go_over_https_alone_and_no_script_reads_them(app: Flask, client: FlaskClient) -> None:
    make_user(app, "can-bo", "officer")
    token = token_in(client.get("/login", base_url=PUBLIC).text)
    sent = {"csrf_token": token, "username": "can-bo", "password": PASSWORD}
    set_cookies = [
        cookie
        for answer in (
            client.get("/login", base_url=PUBLIC),
            client.post("/login", base_url=PUBLIC, data=sent, headers={"Referer": PUBLIC}),
        )
        for cookie in answer.headers.getlist("Set-Cookie")
    ]
    assert set_cookies
    for cookie in set_cookies:
        name, _, attributes = cookie.partition(";")
        assert name.startswith(("__Host-", "__Secure-")), name
        assert all(word in attributes for word in ("Secure", "HttpOnly", "SameSite=", "Path=/")), cookie
        assert not name.startswith("__Host-") or ("Path=/;" in f"{attributes};" and "Domain" not in attributes), cookie


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/static/../wsgi.py",
        "/static/%2e%2e/wsgi.py",
        "/wsgi.py",
        "/static/",
        "/kiosk/../wsgi.py",
        "/.env",
    ],
)
def test_no_source_no_secret_and_no_list_of_files_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path, base_url=PUBLIC).status_code in (302, 401, 404)


def test_nothing_that_is_sent_can_become_a_program(app: Flask) -> None:
    """Templates hold `|safe` for what we wrote ourselves; `test_hostile_values` looks at what others wrote."""
    python = [file for part in ("survey", "kiosk", "analysis") for file in (ROOT / part).rglob("*.py")]
    markup = list((ROOT / "templates").rglob("*.*"))
    scripts = [file for file in (ROOT / "static").rglob("*.js") if "vendor" not in file.parts]
    assert min(len(python), len(markup), len(scripts)) > 10
    places = [f"{f}: {m[0]}" for f in python + markup for m in DANGEROUS.finditer(f.read_text(encoding="utf-8"))]
    places += [f"{f}: {m[0]}" for f in scripts for m in SCRIPTED.finditer(f.read_text(encoding="utf-8"))]
    assert not places, "\n".join(places)
