"""What is said beside published figures names nobody for having few answers: a hidden row may hold any 1 to 29."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.attacks.health_stations import add_stations
from tests.desk import world as desk
from tests.desk.filled import database_url, world
from tests.results.scattered import YEAR_OVER, publish_everything
from tests.results.test_nothing_comes_back import published

__all__ = ["database_url", "world"]
pytestmark = pytest.mark.one_database
STATIONS = {"tyt-mot-ngay": (20, 900), "tyt-qua-nhieu": (25, 20), "tyt-it": (2, 500)}  # answers, patients


@pytest.fixture
def stations(world: Flask) -> Flask:
    """Stations with answers of one day alone, with more of them than patients, with two."""
    with world.app_context():
        add_stations({code: patients for code, (_answers, patients) in STATIONS.items()})
        for code, (answers, _patients) in STATIONS.items():
            desk.answer(code, "kham-benh", "2026-10-05", answers, 5)
    publish_everything(world, YEAR_OVER)
    return world


def test_no_published_warning_names_a_hidden_agency_for_its_answers(stations: Flask, client: FlaskClient) -> None:
    for period in ("2026-10", "2026-Q4", "2026"):
        document = published(client, f"{period}/data.json")
        rows = document["subjects"]["health_service"]["by"]["agency"]
        hidden = {row["domain"] for row in rows if row["suppressed"]}
        assert hidden >= set(STATIONS)
        codes = {warning["code"] for warning in document["warnings"]}
        assert codes & {"lonely_psu", "over_response", "not_covered"}, codes
        said = json.dumps(document["warnings"], ensure_ascii=False)
        assert [code for code in hidden if code in said] == []
