"""An agency's software makes and voids single-use codes with an access key, for its own counters alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from jsonschema import Draft202012Validator
from sqlalchemy import select
from werkzeug.test import TestResponse

from survey.channels.tickets.models import TicketKey
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import today
from survey.foundation.identifiers import digest
from tests.channels.conftest import RECORDED, Stored
from tests.channels.test_tickets import Holder
from tests.channels.world import HEALTH, MANY
from tests.registry.pages import fields_of, open_page
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

PAGE = "/desk/agencies/ubnd-ea-kao/ticket-keys"


@pytest.fixture
def manager(world: Flask) -> FlaskClient:
    return signed_in(world, "ubnd", "agency_manager", agency="ubnd-ea-kao")


@pytest.fixture
def key(manager: FlaskClient) -> str:
    answer = manager.post(PAGE, data=fields_of(open_page(manager, PAGE), "name") | {"name": "Một cửa"})
    assert_valid_html(answer.text, answer.headers["Content-Security-Policy"])
    code = re.search(r"<code>([\w-]{43})</code>", answer.text)
    assert code, answer.text
    return code[1]


def call(app: Flask, key: str, body: Any, path: str = "/api/v1/tickets") -> TestResponse:
    return app.test_client().post(path, json=body, headers={"Authorization": f"Bearer {key}"})


def described(app: Flask, name: str) -> Draft202012Validator:
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]})


def test_a_code_made_by_software_rates_one_visit(world: Flask, key: str, stored: Stored, database: SQLAlchemy) -> None:
    order = {"counter": MANY, "service": "khai-sinh", "count": 2}
    assert list(described(world, "TicketOrder").iter_errors(order)) == []
    made = call(world, key, order)
    assert made.status_code == 201, made.text
    assert list(described(world, "IssuedTickets").iter_errors(made.get_json())) == []
    first, second = made.get_json()["tickets"]
    assert first["address"].endswith(f"/t/{first['code']}")
    assert first != second
    holder = Holder(world.test_client(), first["code"])
    assert RECORDED in holder.send(holder.open(), overall_service="4").text
    (response,) = stored()
    assert response.channel == "ticket"
    *_earlier, trace = database.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert (trace.action, trace.user_id, (trace.after or {})["software"]) == ("make_tickets", None, "Một cửa")
    (row,) = database.session.scalars(select(TicketKey))
    assert (row.key_digest, row.used_on) == (digest(key), today())


def test_codes_are_voided_all_or_none(world: Flask, key: str) -> None:
    codes = [ticket["code"] for ticket in call(world, key, {"counter": MANY, "count": 3}).get_json()["tickets"]]
    wrong = call(world, key, {"codes": [*codes, "KHONGPHAIMAA2"]}, "/api/v1/tickets/void")
    assert (wrong.status_code, wrong.mimetype) == (404, "application/problem+json")
    assert "codes[3]" in wrong.get_json()["detail"]
    assert world.test_client().get(f"/t/{codes[0]}").status_code == 200
    done = call(world, key, {"codes": codes}, "/api/v1/tickets/void")
    assert (done.status_code, done.get_json()) == (201, {"voided": 3, "before": 0})
    assert world.test_client().get(f"/t/{codes[0]}").status_code == 410


def test_a_key_opens_its_own_agency_alone_until_it_is_revoked(world: Flask, manager: FlaskClient, key: str) -> None:
    assert call(world, "", {"counter": MANY}).status_code == 401
    assert call(world, "x" * 43, {"counter": MANY}).status_code == 401
    assert call(world, key, {"counter": HEALTH}).status_code == 404
    assert call(world, key, {"counter": "khong-co"}).status_code == 404
    page = manager.get(PAGE).text
    assert key not in page
    (number,) = re.findall(rf'action="{PAGE}/(\d+)/revoke"', page)
    pressed = {"csrf_token": fields_of(open_page(manager, PAGE), "name")["csrf_token"]}
    assert manager.post(f"{PAGE}/{number}/revoke", data=pressed).status_code == 302
    assert call(world, key, {"counter": MANY}).status_code == 401


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ([], "JSON"),
        ({}, "counter"),
        ({"counter": MANY, "count": 0}, "count"),
        ({"counter": MANY, "count": 2001}, "count"),
        ({"counter": MANY, "count": "3"}, "count"),
        ({"counter": MANY, "service": "khong-co"}, "service"),
        ({"counter": MANY, "expires": "2020-01-01"}, "expires"),
        ({"counter": MANY, "expires": "31/12/2026"}, "expires"),
        ({"counter": MANY, "dossier": "HS-1"}, "dossier"),
    ],
)
def test_a_wrong_order_is_told_what_is_wrong_and_makes_nothing(
    world: Flask, key: str, database: SQLAlchemy, body: Any, said: str
) -> None:
    answer = call(world, key, body)
    assert answer.status_code == 400
    assert said in answer.get_json()["detail"]
    database.session.rollback()
    assert "make_tickets" not in set(database.session.scalars(select(AuditEntry.action)))


def test_an_officer_who_makes_no_tickets_makes_no_key(world: Flask) -> None:
    officer = signed_in(world, "can-bo", "officer", agency="ubnd-ea-kao")
    assert officer.get(PAGE).status_code == 403
    assert signed_in(world, "nguoi-khac", "agency_manager", province="son-la").get(PAGE).status_code == 404
