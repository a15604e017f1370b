"""At a counter of two sectors a manager of one makes, voids and revokes nothing of the other, by whichever door."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.channels.test_ticket_interface import call
from tests.channels.test_tickets import batch
from tests.channels.world import TWO_SECTORS
from tests.registry.pages import fields_of, open_page
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

AGENCY = "bv-vung"
KEYS = f"/desk/agencies/{AGENCY}/ticket-keys"
VOID = f"/desk/counters/{TWO_SECTORS}/tickets/void"


@pytest.fixture
def whole(world: Flask) -> FlaskClient:
    return signed_in(world, "ca-don-vi", "agency_manager", agency=AGENCY)


@pytest.fixture
def health(world: Flask) -> FlaskClient:
    return signed_in(world, "y-te", "agency_manager", sector="health", agency=AGENCY)


def key_of(client: FlaskClient) -> str:
    made = client.post(KEYS, data=fields_of(open_page(client, KEYS), "name") | {"name": "Phần mềm"})
    code = re.search(r"<code>([\w-]{43})</code>", made.text)
    assert code
    return code[1]


def revocations_on(client: FlaskClient) -> list[str]:
    return re.findall(rf'action="({KEYS}/\d+/revoke)"', client.get(KEYS).text)


def test_codes_for_every_service_are_made_by_who_answers_for_every_sector(
    whole: FlaskClient, health: FlaskClient
) -> None:
    path = f"/desk/counters/{TWO_SECTORS}/tickets"
    assert len(batch(whole, 1, counter=TWO_SECTORS)) == 1
    fields = fields_of(open_page(health, path), "count")
    for service in ("", "khai-sinh"):
        assert health.post(path, data=fields | {"service": service}).status_code == 422
    assert len(batch(health, 1, "kham-benh", TWO_SECTORS)) == 1


@pytest.mark.parametrize(("service", "is_theirs"), [("kham-benh", True), ("khai-sinh", False), ("", False)])
def test_codes_of_another_sector_are_no_codes_to_who_voids(
    world: Flask, whole: FlaskClient, health: FlaskClient, service: str, is_theirs: bool
) -> None:
    by_hand, by_key = (row["code"] for row in batch(whole, 2, service, TWO_SECTORS))
    health.post(VOID, data=fields_of(open_page(health, VOID), "codes") | {"codes": by_hand})
    call(world, key_of(health), {"codes": [by_key]}, "/api/v1/tickets/void")
    good = [world.test_client().get(f"/t/{code}").status_code for code in (by_hand, by_key)]
    assert good == ([410, 410] if is_theirs else [200, 200])


def test_a_key_voids_the_codes_that_it_makes(world: Flask, health: FlaskClient) -> None:
    key = key_of(health)
    [made] = call(world, key, {"counter": "BV-1"}).get_json()["tickets"]  # one sector alone: no service is named
    assert call(world, key, {"codes": [made["code"]]}, "/api/v1/tickets/void").get_json() == {"voided": 1, "before": 0}


def test_keys_of_another_sector_are_neither_listed_nor_revoked(
    world: Flask, whole: FlaskClient, health: FlaskClient
) -> None:
    key_of(whole)
    [foreign] = revocations_on(whole)
    assert revocations_on(health) == []
    key_of(health)
    [own] = revocations_on(health)
    token = {"csrf_token": fields_of(open_page(health, KEYS), "name")["csrf_token"]}
    assert (health.post(foreign, data=token).status_code, health.post(own, data=token).status_code) == (404, 302)
    assert revocations_on(whole) == [foreign], "who answers for all sectors sees those of each"
