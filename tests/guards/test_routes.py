"""Every address is either for staff who signed in, or stands on a list that says who may call it instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.accounts.current_user import csrf
from tests.guards.addresses import Address, addresses
from tests.support.databases import DatabaseFactory

PRINTED = json.loads(Path(__file__).with_name("printed_urls.json").read_text(encoding="utf-8"))["addresses"]
RESULTS, API = "/results/<province>/", "/api/v1/provinces/<province>/"
CONTRACT = {
    *("/", "/c/<counter>", "/p/", "/p/<case>", "/t/<ticket>", "/login", "/desk/reports/"),
    *("/healthz", "/readyz", "/metrics"),
    *("/kiosk/", "/kiosk/sw.js", "/kiosk/manifest.webmanifest", "/kiosk/assets/<version>/<path:name>"),
    *("/kiosk/api/pair", "/kiosk/api/config", "/kiosk/api/responses", "/kiosk/api/status"),
    *("/results/", RESULTS, f"{RESULTS}<period>", f"{RESULTS}<period>/SHA256SUMS"),
    f"{RESULTS}<period>/<any('data.json', 'data.csv'):name>",
    *(f"{RESULTS}agencies/", f"{RESULTS}agencies/<code>", f"{RESULTS}agencies/<code>/data.csv"),
    *("/api/v1/openapi.json", "/api/v1/provinces", f"{API}targets", f"{API}reference-figures"),
    *(f"{API}publications", f"{API}publications/<period>"),
}

# What nobody signs in for, rule by rule, and why: what is added below the same prefix is not public by that alone.
PUBLIC = {
    "/": "the start page",
    "/login": "signing in",
    "/logout": "signing out is harmless to those who are not signed in",
    "/healthz": "monitoring",
    "/readyz": "monitoring",
    "/metrics": "this machine or the bearer of METRICS_TOKEN",
    "/static/<path:filename>": "style sheets, scripts, fonts",
    **dict.fromkeys(("/c/<counter>", "/c/<counter>/thanks"), "a citizen at a counter"),
    "/t/<ticket>": "a citizen with a single-use code",
    **dict.fromkeys(
        ("/p/", "/p/<case>"), "whoever holds a follow code reads the answer to a comment, and nothing else"
    ),
    **dict.fromkeys(
        ("/kiosk/", "/kiosk/sw.js", "/kiosk/manifest.webmanifest", "/kiosk/assets/<version>/<path:name>"),
        "the terminal's shell and its assets hold no data",
    ),
    **dict.fromkeys(
        ("/kiosk/api/pair", "/kiosk/api/config", "/kiosk/api/responses", "/kiosk/api/status"),
        "asks for the device's key, or trades a pairing code for it",
    ),
    **dict.fromkeys((rule for rule in CONTRACT if rule.startswith("/results/")), "published results"),
    **dict.fromkeys(
        (rule for rule in CONTRACT if rule.startswith("/api/v1/")),
        "published figures for programs; answers nothing that /results/ does not",
    ),
}
# POST without the session's CSRF token, by the name of the view or blueprint.
CSRF_EXEMPT = {
    "survey.channels.web.routes.send": "carries a signed token of its own; there is no session to ride on",
    "survey.channels.tickets.routes.send": "carries a signed token of its own; there is no session to ride on",
    "kiosk_api": "the device's key is in a header no other site can make a browser send",
}
DEVICE_KEY = "/kiosk/api/"
WITHOUT_DEVICE_KEY = {"/kiosk/api/pair": "trades a pairing code for the key"}


@pytest.fixture
def databases(sqlite_databases: DatabaseFactory) -> DatabaseFactory:
    """Who may call what does not depend on the database's kind."""
    return sqlite_databases


def is_public(rule: str) -> bool:
    return rule in PUBLIC


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
    assert sorted(PUBLIC.keys() - {rule.rule for rule in app.url_map.iter_rules()}) == []


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
