"""A counter's own clerk, who sees every citizen come and go, compares the desk's pages of two minutes."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.attacks.busy_school import settings, world
from tests.desk import world as desk
from tests.desk.filled import database_url
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url", "settings", "world"]
MORNING = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
PAGES = [
    "/desk/dak-lak/education/explore?period=2026-11",
    "/desk/dak-lak/education/explore?period=2026-11&channel=qr&by=service",
    "/desk/dak-lak/education/comments?period=2026-11",
    "/desk/dak-lak/education/themes?period=2026-11",
    "/desk/dak-lak/education/explain?period=2026-11",
    "/desk/dak-lak/education/exports/responses.csv?period=2026-11",
    "/desk/dak-lak/education/exports/tallies.csv?period=2026-11",
    "/desk/dak-lak/education/exports/estimates.csv?period=2026-11",
]


def look(clerk: FlaskClient, moment: dt.datetime) -> dict[str, str]:
    with time_machine.travel(moment, tick=False):
        answers = {page: clerk.get(page) for page in PAGES}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(PAGES, 200)
    # Rows of files of answers come in chance order, and pages carry tokens: neither says anything.
    return {
        page: "\n".join(sorted(re.sub(r'value="[^"]{40,}"|nonce="[^"]*"|after=[\w-]{40,}', "", a.text).splitlines()))
        for page, a in answers.items()
    }


def test_a_clerk_who_looks_before_and_after_each_citizen_learns_no_ballot(world: Flask) -> None:
    with time_machine.travel(MORNING, tick=False):
        clerk = signed_in(world, "can-bo", "method_owner", sector="education")
    before = look(clerk, MORNING)
    assert "Trường sạch đẹp" in before[PAGES[2]]
    for minute, rating in enumerate((1, 5, 2, 5, 1, 3, 5, 1), start=1):
        at = MORNING + dt.timedelta(minutes=minute)
        with world.app_context():
            desk.answer("thpt-1", "giao-duc", "2026-11-23", 1, rating, received_at=at, comment=f"Lời riêng {minute}")
        assert look(clerk, at + dt.timedelta(seconds=30)) == before
