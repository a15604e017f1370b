"""The public ranking: ranges of ranks of published figures alone, shown once a second person has confirmed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from analysis.periods.models import Closing
from analysis.results.closing.service import close_period, publish_period
from survey.foundation.periods import Period
from tests.desk.world import answer
from tests.interface.test_api import DESCRIPTION, problems
from tests.results.test_closing_pages import press
from tests.support.html import assert_valid_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

YEAR = "/desk/closing/dak-lak/2026"
PUBLIC = "/results/dak-lak/2026/ranking"
PATH = "/api/v1/provinces/{province}/publications/{period}"
AFTERWARDS = "2027-01-05T03:00:00+00:00"


@pytest.fixture
def published(world: Flask) -> Iterator[Flask]:
    """The year 2026 is over, closed and published; enough answers for two agencies."""
    with world.app_context():
        for day in (f"2026-{month}-{day:02d}" for month in ("09", "10") for day in range(2, 28, 3)):
            answer("so-y-te", "hanh-nghe", day, 5, 2)
            answer("ubnd-ea-tam", "ho-tich", day, 9, 5)
    with time_machine.travel(AFTERWARDS, tick=False), world.app_context():
        close_period("dak-lak", Period.parse("2026"))
        publish_period("dak-lak", Period.parse("2026"))
        yield world


def test_one_proposes_and_only_another_makes_it_public(published: Flask, client: FlaskClient) -> None:
    first, second = signed_in(published, "mot", "administrator"), signed_in(published, "hai", "administrator")
    assert client.get(PUBLIC).status_code == 404
    said = press(first, f"{YEAR}/ranking", YEAR).text
    assert "Việc này luôn cần hai người" in said
    assert client.get(PUBLIC).status_code == 404
    (number,) = set(re.findall(r"/desk/proposals/dak-lak/(\d+)/confirm", second.get(YEAR).text))
    assert f"/desk/proposals/dak-lak/{number}/confirm" not in first.get(YEAR).text
    confirmed = press(second, f"/desk/proposals/dak-lak/{number}/confirm", YEAR).text
    assert "Đã công bố xếp hạng" in confirmed
    page = client.get(PUBLIC)
    assert page.status_code == 200
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert "Độ bao phủ theo chỉ tiêu" in page.text
    assert PUBLIC in client.get("/results/dak-lak/2026").text


def test_ranks_are_ranges_of_published_agencies_with_their_published_shares(
    published: Flask, client: FlaskClient, database: SQLAlchemy
) -> None:
    first, second = signed_in(published, "mot", "administrator"), signed_in(published, "hai", "administrator")
    press(first, f"{YEAR}/ranking", YEAR)
    (number,) = set(re.findall(r"/desk/proposals/dak-lak/(\d+)/confirm", second.get(YEAR).text))
    press(second, f"/desk/proposals/dak-lak/{number}/confirm", YEAR)
    database.session.rollback()
    closing = database.session.scalars(select(Closing)).one()
    assert closing.figures is not None
    rows = closing.figures["subjects"]["agency_service"]["by"]["agency"]
    told = ("estimate", "n", "received")
    shown = {row["domain"]: [row[name] for name in told] for row in rows if row["estimate"] is not None}
    assert closing.ranking is not None
    assert {row["domain"]: [row[name] for name in told] for row in closing.ranking} == shown
    assert [(row["domain"], row["best"], row["worst"]) for row in closing.ranking] == [
        ("ubnd-ea-tam", 1, 1),
        ("so-y-te", 2, 2),
    ]


def test_the_page_leaves_out_how_many_came_where_that_is_told_of_nobody(
    published: Flask, client: FlaskClient, database: SQLAlchemy
) -> None:
    closing = database.session.scalars(select(Closing)).one()
    row = {
        "domain": "so-y-te",
        "label": "Sở Y tế",
        "estimate": 0.8,
        "interval_90": None,
        "best": 1,
        "worst": 1,
        "n": 40,
    }
    for received, told in ((41, True), (None, False)):
        closing.ranking = [row | {"received": received}, row | {"received": None}]
        database.session.commit()
        page = client.get(PUBLIC).text
        assert ("Phiếu nhận được" in page, page.count("không nêu") == 1) == (told, told)


def test_programs_read_the_ranking_apart_and_the_published_files_stay(published: Flask, client: FlaskClient) -> None:
    interface = "/api/v1/provinces/dak-lak/publications/2026/ranking"
    before = client.get("/results/dak-lak/2026/data.json").data
    assert [client.get(address).status_code for address in (interface, f"{PUBLIC}.json")] == [404, 404]
    first, second = signed_in(published, "mot", "administrator"), signed_in(published, "hai", "administrator")
    press(first, f"{YEAR}/ranking", YEAR)
    (number,) = set(re.findall(r"/desk/proposals/dak-lak/(\d+)/confirm", second.get(YEAR).text))
    press(second, f"/desk/proposals/dak-lak/{number}/confirm", YEAR)
    told = client.get(interface)
    assert told.data == client.get(f"{PUBLIC}.json").data
    assert [(row["domain"], row["best"]) for row in told.get_json()["ranking"]] == [("ubnd-ea-tam", 1), ("so-y-te", 2)]
    assert {row["id"] for row in told.get_json()["coverage"]} >= {"DC", "DO"}
    assert not problems(json.loads(client.get(DESCRIPTION).data), f"{PATH}/ranking", told)
    assert client.get("/results/dak-lak/2026/data.json").data == before
    assert hashlib.sha256(told.data).hexdigest() in client.get("/results/dak-lak/2026/SHA256SUMS").text


def test_a_month_is_not_ranked(published: Flask) -> None:
    client = signed_in(published, "mot", "administrator")
    october = "/desk/closing/dak-lak/2026-10"
    assert f"{october}/ranking" not in client.get(october).text
    assert "chỉ công bố cho cả năm" in press(client, f"{october}/ranking", october, revision="1").text
