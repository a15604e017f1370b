"""The support modules do what other tests rely on: a check that cannot fail would hide everything."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from flask import Flask, g

from tests.support.accessibility import accessibility_problems
from tests.support.applications import made_whole
from tests.support.browsers import watched
from tests.support.html import assert_valid_html

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask.testing import FlaskClient
    from flask_sqlalchemy import SQLAlchemy
    from playwright.sync_api import Browser, Page

    from tests.support.applications import LiveServer

GOOD = "<!doctype html><html lang=vi><head><title>Trang</title></head><body><h1>Một</h1>{}</body></html>"


@pytest.mark.parametrize(
    ("fragment", "complaint"),
    [
        ("<h1>Hai</h1>", "2 h1"),
        ("<p id=a></p><p id=a></p>", "'a' is used 2 times"),
        ("<input name=comment>", "has no label"),
        ("<label for=b>B</label>", "no id of this page"),
        ("<p style='color:red'>x</p>", "style attribute"),
        ("<button onclick='x()'>x</button>", "has onclick"),
        ("<a href=' JavaScript:x()'>x</a>", "javascript:"),
        ("<script>x()</script>", "inline <script>"),
        ("<style>p{}</style>", "inline <style>"),
        ("<img src=x.svg>", "no alt"),
        ("<p><div></p>", "not valid HTML"),
    ],
)
def test_the_html_check_names_each_fault(fragment: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        assert_valid_html(GOOD.format(fragment))


def test_the_html_check_accepts_a_good_page_and_a_hashed_style() -> None:
    policy = "style-src 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='"
    body = "<label>Ý kiến <input name=comment></label><style>p{}</style>"
    assert_valid_html(GOOD.format(body), policy)


def test_tests_on_the_same_database_kind_see_nothing_of_each_other(database: SQLAlchemy) -> None:
    database.session.execute(sa.text("CREATE TABLE only_mine (id INTEGER)"))
    database.session.commit()
    assert sa.inspect(database.engine).has_table("only_mine")


def test_tests_on_the_same_database_kind_see_nothing_of_each_other_again(database: SQLAlchemy) -> None:
    assert not sa.inspect(database.engine).has_table("only_mine")
    assert sa.inspect(database.engine).has_table("alembic_version")


def test_an_application_is_ready_on_both_databases(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")


def test_a_request_shares_nothing_with_the_test_around_it(app: Flask) -> None:
    seen = []
    app.before_request(lambda: seen.append(g.get("visitor")))
    with app.app_context():
        g.visitor = "someone"
        app.test_client().get("/healthz")
    assert seen == [None]


def test_the_live_server_answers_on_its_own_address(live_server: LiveServer) -> None:
    with urllib.request.urlopen(f"{live_server.url}/healthz") as answer:
        assert answer.status == 200


def test_an_answer_is_closed_before_any_of_it_is_sent() -> None:
    happened: list[str] = []

    class Parts(list[bytes]):
        def close(self) -> None:
            happened.append("closed")

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Parts:
        start_response("200 OK", [])
        return Parts([b"all", b" of it"])

    answer = made_whole(app)({}, lambda status, _headers: happened.append(status))
    assert (answer, happened) == ([b"all", b" of it"], ["200 OK", "closed"])


def test_axe_finds_a_fault_and_passes_a_good_page(page: Page, assert_accessible: Callable[[Page], None]) -> None:
    page.set_content(GOOD.format("<main><p>Xin chào</p></main>"))
    assert_accessible(page)
    page.set_content(GOOD.format("<main><button></button></main>"))
    assert any("button-name" in problem for problem in accessibility_problems(page))


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("new Promise(done => setTimeout(() => { done(); throw new Error('oh') }))", "oh"),
        ("fetch('http://example.org/').catch(() => 0)", "left this machine"),
        ("fetch('/elsewhere').catch(() => 0)", "Content Security Policy"),
    ],
)
def test_a_watched_page_may_not_misbehave(
    browser: Browser, live_server: LiveServer, script: str, complaint: str
) -> None:
    def misbehave() -> None:
        with watched(browser.new_context()) as context:
            page = context.new_page()
            policy = "connect-src 'none'" if "elsewhere" in script else ""
            page.route(
                "**/strange", lambda route: route.fulfill(body=GOOD, headers={"Content-Security-Policy": policy})
            )
            page.goto(f"{live_server.url}/strange")
            page.evaluate(script)

    with pytest.raises(AssertionError, match=complaint):
        misbehave()
