"""What no page and no database may hold goes no further than the request that brings it."""

from __future__ import annotations

import re

from flask import Flask, request
from flask.testing import FlaskClient

from survey.accounts.models import User
from survey.foundation.storage.database import db
from tests.support.cases import in_one_world
from tests.support.html import assert_valid_html
from tests.support.staff import client_of

UNPRINTABLE = "\0\x07\x0c\x1f\x7f\x9f\ufdd0\uffff\U0001fffe"
SEARCHES = {
    "quan-tri": ["/desk/agencies", "/desk/services", "/desk/counters", "/desk/audit/dak-lak/"],
    "so-y-te": [
        "/desk/dak-lak/health/comments",
        "/results/dak-lak/agencies/",
        "/results/dak-lak/2026-09",
        "/results/find",
    ],
}


def test_fields_of_addresses_and_forms_come_without_them(app: Flask) -> None:
    spoilt = f"Sở{UNPRINTABLE} Y\ttế\r\n 🙂"
    for fields in ({"data": {"q": spoilt}}, {"data": {"q": spoilt}, "content_type": "multipart/form-data"}):
        with app.test_request_context(query_string={"q": spoilt}, method="POST", **fields):
            assert request.args["q"] == request.form["q"] == "Sở Y\ttế\r\n 🙂"


@in_one_world(("username", "address"), [(name, address) for name in SEARCHES for address in SEARCHES[name]])
def test_a_page_that_shows_what_was_searched_for_is_valid(demonstration: Flask, username: str, address: str) -> None:
    with demonstration.app_context():
        client = client_of(demonstration, db.session.query(User).filter_by(username=username).one().id)
    answer = client.get(address, query_string={"q": f"rất lạ{UNPRINTABLE}", "object_id": f"rất lạ{UNPRINTABLE}"})
    assert answer.status_code == 200
    assert 'value="rất lạ"' in answer.text
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])


def test_a_form_that_brings_them_is_answered_as_any_other(client: FlaskClient) -> None:
    (token,) = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text)
    answer = client.post("/login", data={"csrf_token": token, "username": f"ai{UNPRINTABLE} đó", "password": "x"})
    assert 'value="ai đó"' in answer.text
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
