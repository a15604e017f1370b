"""Everything anybody may open, read just before and just after citizens came by every door: nothing has moved.

Whoever looks, at pages, files, documents, pictures, what is in their heads and which of them are there.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import zip_longest

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.attacks.busy_school import SCHOOL, settings, world
from tests.desk import world as desk
from tests.desk.filled import database_url
from tests.guards.crawler import endpoint_of
from tests.guards.looks import addresses_about, said
from tests.support.staff import signed_in

__all__ = ["database_url", "settings", "world"]
pytestmark = pytest.mark.one_database

MONTH, YEAR = "2026-11", "2026"
VALUES = {"province": "dak-lak", "sector": "education", "recipient": SCHOOL, "ending": "pdf", "month": MONTH}
MORNING = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
NOON = MORNING + dt.timedelta(hours=3)
DOORS = {"qr": 1, "kiosk": 5, "paper": 2, "phone": 4, "ticket": 3}  # and what each who came by it said
READERS = [
    ("officer", SCHOOL),
    ("agency_manager", SCHOOL),
    ("agency_manager", "bv-tinh"),
    ("method_owner", None),
    ("administrator", None),
    (None, None),
]


def come(app: Flask) -> None:
    """One citizen by each door, each with words of their own."""
    with app.app_context():
        for channel, value in DOORS.items():
            at = MORNING
            said = {"channel": channel, "comment": f"Lời riêng của người thứ {value}"}
            desk.answer(SCHOOL, "giao-duc", "2026-11-23", 1, value, received_at=at, **said)


def lines_that_moved(before: TestResponse, after: TestResponse) -> list[tuple[str, str]]:
    """The lines that differ, each beside the one that stands in its place."""
    if before.data == after.data and before.headers == after.headers:
        return []  # reading documents takes longer than making them
    old, new = Counter(said(before)), Counter(said(after))
    gone, come_in = sorted((old - new).elements()), sorted((new - old).elements())
    return list(zip_longest(gone, come_in, fillvalue=""))


def everything(app: Flask, client: FlaskClient) -> dict[str, TestResponse]:
    """Every address about the school, but the log of the desk, which tells what its reader has opened."""
    values = VALUES | {"code": SCHOOL, "counter": f"quay-{SCHOOL}"}
    addresses = addresses_about(app, values, MONTH, YEAR)
    return {a: client.get(a) for a in addresses if not endpoint_of(app, a).startswith("audit.")}


@pytest.mark.parametrize(("role", "agency"), READERS)
def test_within_a_day_nothing_that_anybody_reads_moves(world: Flask, role: str | None, agency: str | None) -> None:
    with time_machine.travel(NOON, tick=False):
        client = signed_in(world, "nguoi-doc", role, agency=agency) if role else world.test_client()
        before = everything(world, client)
        come(world)
        after = everything(world, client)
    assert {a: answer.status_code for a, answer in before.items()} == {a: s.status_code for a, s in after.items()}
    opened = [address for address, answer in before.items() if answer.status_code == 200]
    assert len(opened) >= 20
    moved = [(a, *pair) for a in opened for pair in lines_that_moved(before[a], after[a])]
    assert moved == []


def test_days_later_the_same_addresses_tell_what_they_said(world: Flask) -> None:
    """So what is looked at above does move, once more than ten came and a day is over."""
    with time_machine.travel(NOON, tick=False):
        before = everything(world, signed_in(world, "nguoi-doc", "method_owner"))
        for _ in range(8):
            come(world)
    with time_machine.travel(NOON + dt.timedelta(days=1), tick=False):
        after = everything(world, signed_in(world, "hom-sau", "method_owner"))
    moved = {endpoint_of(world, a) for a, answer in before.items() if lines_that_moved(answer, after[a])}
    assert moved >= {"explore.page", "explore.explain", "comments.page", "exports.figures", "exports.responses"}
