"""Every address is either for staff who signed in, or stands on a list that says who may call it instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.staff.accounts import csrf
from tests.guards.addresses import Address, addresses
from tests.support.databases import DatabaseFactory

PRINTED = json.loads(Path(__file__).with_name("printed_urls.json").read_text(encoding="utf-8"))["addresses"]
CONTRACT = {
    *("/", "/c/<counter>", "/p/<case>", "/t/<ticket>", "/kiosk/", "/login", "/results/", "/api/v1/openapi.json"),
    *("/healthz", "/readyz", "/metrics", "/kiosk/api/pair", "/kiosk/api/config", "/kiosk/api/responses"),
}

# What nobody signs in for, and why. Whole prefixes only where everything below them is for everyone.
PUBLIC_PREFIXES = {
    "/c/": "a citizen at a counter",
    "/t/": "a citizen with a single-use code",
    "/p/": "whoever holds a follow code reads the answer to a comment, and nothing else",
    "/results/": "published results",
    "/static/": "style sheets, scripts, fonts",
    "/kiosk/": "the terminal's shell and its assets hold no data; its interface asks for the device's key",
    "/api/v1/": "published figures for programs; answers nothing that /results/ does not",
}
PUBLIC = {
    "/": "the start page",
    "/login": "signing in",
    "/logout": "signing out is harmless to those who are not signed in",
    "/healthz": "monitoring",
    "/readyz": "monitoring",
    "/metrics": "this machine or the bearer of METRICS_TOKEN",
    "/results": "published results",
}
# POST without the session's CSRF token, by the name of the view or blueprint.
CSRF_EXEMPT = {
    "survey.citizen.routes.send": "carries a signed token of its own; there is no session to ride on",
    "survey.citizen.ticket_routes.send": "carries a signed token of its own; there is no session to ride on",
    "kiosk_api": "the device's key is in a header no other site can make a browser send",
}
DEVICE_KEY = "/kiosk/api/"
WITHOUT_DEVICE_KEY = {"/kiosk/api/pair": "trades a pairing code for the key"}


@pytest.fixture
def databases(sqlite_databases: DatabaseFactory) -> DatabaseFactory:
    """Who may call what does not depend on the database's kind."""
    return sqlite_databases


def is_public(rule: str) -> bool:
    return rule in PUBLIC or rule.startswith(tuple(PUBLIC_PREFIXES))


def asks_to_sign_in(client: FlaskClient, address: Address) -> bool:
    answer = client.open(address.path, method=address.method)
    return answer.status_code == 302 and answer.headers["Location"].startswith("/login")


def test_every_address_asks_a_stranger_to_sign_in_or_stands_on_the_public_list(app: Flask) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # a form's missing token must not hide a missing login
    client = app.test_client()
    protected = [address for address in addresses(app) if not is_public(address.rule)]
    assert len(protected) > 8
    assert [str(address) for address in protected if not asks_to_sign_in(client, address)] == []


def test_the_desk_is_never_public(app: Flask) -> None:
    desk = [address for address in addresses(app) if address.rule.startswith("/desk")]
    assert desk
    assert [str(address) for address in desk if is_public(address.rule)] == []


def test_the_public_list_names_only_what_exists(app: Flask) -> None:
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    assert [name for name in PUBLIC if name not in rules and f"{name}/" not in rules] == []
    assert [name for name in PUBLIC_PREFIXES if not any(rule.startswith(name) for rule in rules)] == []


def test_only_what_proves_itself_otherwise_is_free_of_the_csrf_token(app: Flask) -> None:
    exempt = {*csrf._exempt_views, *(blueprint for blueprint in app.blueprints if blueprint in csrf._exempt_blueprints)}
    assert exempt <= CSRF_EXEMPT.keys()


def test_every_change_at_the_desk_needs_the_csrf_token(app: Flask) -> None:
    client = app.test_client()
    changes = [a for a in addresses(app) if a.method not in ("GET",) and not is_public(a.rule)]
    assert changes
    assert [str(a) for a in changes if client.open(a.path, method=a.method).status_code not in (302, 400)] == []


def test_the_kiosk_interface_refuses_who_shows_no_device_key(app: Flask) -> None:
    client = app.test_client()
    keyed = [a for a in addresses(app) if a.rule.startswith(DEVICE_KEY) and a.rule not in WITHOUT_DEVICE_KEY]
    assert len(keyed) > 2
    assert [str(a) for a in keyed if client.open(a.path, method=a.method, json={}).status_code != 401] == []


def test_nothing_changes_by_following_a_link(app: Flask) -> None:
    verbs = ("delete", "close", "publish", "revoke", "save", "create", "logout", "send")
    assert [
        str(address)
        for address in addresses(app)
        if address.method == "GET" and address.endpoint.rpartition(".")[2].startswith(verbs)
    ] == []


def test_a_printed_address_is_answered_for_ever(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert sorted(PRINTED.keys() - rules) == []


def test_the_list_of_printed_addresses_never_shrinks() -> None:
    assert sorted(CONTRACT - PRINTED.keys()) == []


def test_public_pages_set_no_cookie(app: Flask) -> None:
    client = app.test_client()
    public = [a for a in addresses(app) if a.method == "GET" and is_public(a.rule) and a.rule != "/login"]
    assert [str(a) for a in public if "Set-Cookie" in client.get(a.path).headers] == []
