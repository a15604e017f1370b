"""Every address is either for staff who signed in, or stands on a list that says who may call it instead."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.api.routes import KEY
from survey.accounts.current_user import csrf
from survey.foundation.access import Access, access_of
from tests.guards.addresses import Address, addresses
from tests.support.databases import DatabaseFactory

RESULTS, API = "/results/<province>/", "/api/v1/provinces/<province>/"
# Addresses that stand on paper, in saved documents or in other programs. Add to this list; never take from it.
CONTRACT = {
    *("/", "/c/<counter>", "/p/", "/p/<case>", "/t/<ticket>", "/login", "/invitation/<token>", "/desk/reports/"),
    *("/healthz", "/readyz", "/metrics"),
    *("/kiosk/", "/kiosk/sw.js", "/kiosk/manifest.webmanifest", "/kiosk/assets/<version>/<path:name>"),
    *("/kiosk/api/pair", "/kiosk/api/config", "/kiosk/api/responses", "/kiosk/api/status"),
    *("/results/", RESULTS, f"{RESULTS}<period>", f"{RESULTS}<period>/SHA256SUMS"),
    f"{RESULTS}<period>/<any('data.json', 'data.csv'):name>",
    *(f"{RESULTS}agencies/", f"{RESULTS}agencies/<code>", f"{RESULTS}agencies/<code>/data.csv"),
    *(f"{RESULTS}replies/", f"{RESULTS}<period>/ranking.json"),
    *(f"{RESULTS}methods/<sector>", f"{RESULTS}methods/<sector>.pdf"),
    *("/api/v1/openapi.json", "/api/v1/provinces", f"{API}targets", f"{API}reference-figures", f"{API}feedback"),
    *(f"{API}publications", f"{API}publications/<period>", f"{API}publications/<period>/ranking"),
    *("/country/", "/country/<period>", "/country/<period>.pdf"),
    "/country/<period>/<any('data.json', 'data.csv'):name>",
    *("/api/v1/tickets", "/api/v1/tickets/void"),
}


@pytest.fixture
def databases(sqlite_databases: DatabaseFactory) -> DatabaseFactory:
    """Who may call what does not depend on the database's kind."""
    return sqlite_databases


def declared(app: Flask, address: Address) -> Access:
    access = access_of(app, address.endpoint)
    assert access, f"{address}: say at the view who may open it"
    return access


def is_public(app: Flask, address: Address) -> bool:
    return declared(app, address).public is not None


def asks_to_sign_in(client: FlaskClient, address: Address) -> bool:
    answer = client.open(address.path, method=address.method)
    return answer.status_code == 302 and answer.headers["Location"].startswith("/login")


def test_every_address_asks_a_stranger_to_sign_in_or_stands_on_the_public_list(app: Flask) -> None:
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # a form's missing token must not hide a missing login
    client = app.test_client()
    protected = [address for address in addresses(app) if not is_public(app, address)]
    assert len(protected) > 8
    assert [str(address) for address in protected if not asks_to_sign_in(client, address)] == []


def test_the_desk_is_never_public(app: Flask) -> None:
    desk = [address for address in addresses(app) if address.rule.startswith("/desk")]
    assert desk
    assert [str(address) for address in desk if is_public(app, address)] == []


def test_whoever_is_not_asked_to_sign_in_is_told_why(app: Flask) -> None:
    assert [str(a) for a in addresses(app) if declared(app, a).public == ""] == []
    assert [str(a) for a in addresses(app) if declared(app, a).printed == ""] == []


def test_an_address_that_declares_nothing_asks_to_sign_in_wherever_it_lies(app: Flask) -> None:
    app.add_url_rule("/moi", "new_page", lambda: "page")
    answer = app.test_client().get("/moi")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login?next=/moi")


def test_only_what_proves_itself_otherwise_is_free_of_the_csrf_token(app: Flask) -> None:
    posted = [address for address in addresses(app) if address.method == "POST"]
    exempt = {str(a) for a in posted if is_exempt(app, a.endpoint)}
    assert exempt == {str(a) for a in posted if declared(app, a).proof}


def is_exempt(app: Flask, endpoint: str) -> bool:
    view = app.view_functions[endpoint]
    name = f"{view.__module__}.{view.__name__}"
    return name in csrf._exempt_views or app.blueprints[endpoint.rpartition(".")[0]] in csrf._exempt_blueprints


def test_every_change_at_the_desk_needs_the_csrf_token(app: Flask) -> None:
    client = app.test_client()
    changes = [a for a in addresses(app) if a.method not in ("GET",) and not is_public(app, a)]
    assert changes
    assert [str(a) for a in changes if client.open(a.path, method=a.method).status_code not in (302, 400)] == []


def test_the_kiosk_interface_refuses_who_shows_no_device_key(app: Flask) -> None:
    client = app.test_client()
    keyed = [a for a in addresses(app) if declared(app, a).proof == KEY]
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
    printed = {address.rule for address in addresses(app) if declared(app, address).printed}
    assert sorted(CONTRACT - printed) == [], "these were printed and are gone"
    assert sorted(printed - CONTRACT) == [], "add these to CONTRACT"


def test_public_pages_set_no_cookie(app: Flask) -> None:
    client = app.test_client()
    public = [a for a in addresses(app) if a.method == "GET" and is_public(app, a) and a.rule != "/login"]
    assert [str(a) for a in public if "Set-Cookie" in client.get(a.path).headers] == []
