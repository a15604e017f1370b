"""What one visitor sends never stands in what the next one gets, and what a page does not know means nothing to it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import flask
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.routing import MapAdapter

from survey.demo.command import FIRST_COUNTER
from survey.foundation.caching.weighted_lru import forget_everything
from tests.guards.crawler import walk
from tests.guards.source import ROOT, modules
from tests.guards.test_pages import PUBLIC_STARTS, STAFF_STARTS, STRANGER, visitor
from tests.support.applications import application

MARK = "ONE-VISITOR"
SECRETS = re.compile(r'(name="(?:csrf_)?token"[^>]* value=")[^"]+')
CALLED = (flask.url_for, Flask.url_for, flask.render_template, MapAdapter.build)
READ_BY_PAGES = {"method"}
KEYWORDS = {name for function in CALLED for name in inspect.signature(function).parameters} - READ_BY_PAGES
NAMES = sorted(
    KEYWORDS | {"fbclid", "zarsrc", "_external", "g", "request", "session", "self", "cls", "x[]", "", "__class__"}
)
FORM = f"/c/{FIRST_COUNTER}"


def without_secrets(page: str) -> str:
    return SECRETS.sub(r"\1", page)


def read(client: FlaskClient, address: str, **said: Any) -> tuple[int, str]:
    answer = client.get(address, **said)
    # A document is no text: its bytes are compared as they are.
    return answer.status_code, without_secrets(answer.data.decode(errors="surrogateescape"))


def noisy_visit(client: FlaskClient, address: str, language: str = "en") -> None:
    """Someone from another site, by another name of this machine, with a browser that tells much."""
    query = {**dict.fromkeys(NAMES, MARK), "_external": "1", "lang": language}
    headers = {"X-Forwarded-Host": MARK, "X-Forwarded-Proto": "ftp", "Referer": f"https://{MARK}/", "User-Agent": MARK}
    client.set_cookie(MARK, MARK)
    client.get(
        f"{address}{'&' if '?' in address else '?'}{urlencode(query)}", headers=headers, base_url="http://127.9.9.9:99"
    )


def plain_crawl(app: Flask, noise: bool) -> dict[str, tuple[int, str]]:
    """Every public page as a plain visitor gets it; with `noise` a noisy one has opened each just before."""
    forget_everything()
    places = {}
    client = app.test_client()
    for visit in walk(app, client, PUBLIC_STARTS, pages=1):
        if noise:
            for language in ("vi", "en"):
                noisy_visit(app.test_client(), visit.address, language)
        places[visit.address] = read(client, visit.address)
    return places


def test_every_public_page_is_the_same_whoever_came_before(demonstration: Flask) -> None:
    for address in PUBLIC_STARTS:  # before any page is kept
        noisy_visit(demonstration.test_client(), address)
    after = plain_crawl(demonstration, noise=True)
    with application(demonstration.extensions["settings"]) as fresh:
        alone = plain_crawl(fresh, noise=False)

    assert len(after) > 12
    assert after == alone
    assert [address for address, (_status, page) in after.items() if MARK in page or "127.9.9.9" in page] == []


words = st.text(st.characters(codec="utf-8"), max_size=12)
hosts = st.sampled_from(["localhost", "127.0.0.2:81", "LOCALHOST.", "[::1]:9", "evil.example", "x" * 300, "a b", ""])
queries = st.dictionaries(st.one_of(st.sampled_from([*NAMES, "lang", "sector"]), words), words, max_size=6)
header_words = st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=12)
headers = st.dictionaries(
    st.sampled_from(
        ["X-Forwarded-Host", "X-Forwarded-Prefix", "Accept-Language", "Cookie", "Referer", "Origin", "Range"]
    ),
    header_words,
)


def test_a_kept_form_holds_nothing_of_whoever_opened_it_first(demonstration: Flask) -> None:
    kept = demonstration.extensions["citizen_pages"].forms
    client = demonstration.test_client(use_cookies=False)
    alone = read(client, FORM)
    assert alone[0] == 200

    @given(host=hosts, query=queries, said=headers)
    @example(host="evil.example", query={"_external": "1"}, said={})
    @example(host="localhost", query={"fbclid": MARK, "_external": "1", "_scheme": "x"}, said={"Cookie": MARK})
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def nothing_is_left(host: str, query: dict[str, str], said: dict[str, str]) -> None:
        kept.forget()
        first = client.get(FORM, query_string=query, headers={"Host": host, **said})
        assert first.status_code in (200, 421)
        assert read(client, FORM) == alone

    nothing_is_left()


def pages(app: Flask, name: str) -> Iterator[str]:
    for visit in walk(app, visitor(app, name), PUBLIC_STARTS if name == STRANGER else STAFF_STARTS, pages=1):
        if visit.is_page and visit.answer.status_code == 200 and visit.endpoint != "reports.download":
            yield visit.address


@pytest.mark.parametrize("name", [STRANGER, "quan-tri"])
def test_parameters_a_page_does_not_know_change_nothing(demonstration: Flask, name: str) -> None:
    noise = urlencode(dict.fromkeys(NAMES, "x"))
    client, addresses = visitor(demonstration, name), list(pages(demonstration, name))
    assert len(addresses) > 5
    changed = []
    for address in addresses:
        noisy = f"{address}{'&' if '?' in address else '?'}{noise}"
        if address == "/desk/account/second-factor":  # shows a new secret each time
            continue
        if read(client, noisy) != read(client, address):
            changed.append(noisy)
    assert changed == []


def test_an_unknown_name_of_this_server_is_answered_with_the_right_one(demonstration: Flask) -> None:
    client = demonstration.test_client()
    for path in ("/", FORM, "/desk/", "/results/", "/kiosk/"):
        answer = client.get(path, headers={"Host": "evil.example"})
        assert (answer.status_code, "evil.example" in answer.text) == (421, False), path
        assert "http://127.0.0.1:8000" in answer.text, path
    sent = client.post("/kiosk/api/pair", json={"code": "X"}, headers={"Host": "evil.example"})
    assert (sent.status_code, sent.json["error"]["code"]) == (421, 421)
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


TAKEN_WHOLE = re.compile(r"\brequest\.(args|form|values|headers|cookies)\.(to_dict|lists|listvalues)$")


def spreads(tree: ast.AST) -> Iterator[int]:
    """Lines where a request's own names become keywords, or are taken wholesale to become so later."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg is None and "request." in ast.unparse(node.value):
            yield node.value.lineno
        elif isinstance(node, ast.Attribute) and TAKEN_WHOLE.search(ast.unparse(node)):
            yield node.lineno


def test_what_a_visitor_names_never_becomes_a_keyword() -> None:
    places = [f"{module.place}:{line}" for module in modules() for line in spreads(module.tree)]
    templates = sorted((ROOT / "templates").rglob("*.html"))
    places += [str(path) for path in templates if re.search(r"\*\*\s*request\.", path.read_text(encoding="utf-8"))]
    assert places == []
    assert list(spreads(ast.parse("url_for('x', **request.args)\nrequest.args.to_dict()"))) == [1, 2]
