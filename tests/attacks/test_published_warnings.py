"""What is said beside published figures names nobody for having few answers: a hidden row may hold any 1 to 29."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey.foundation.database import writing
from survey.foundation.settings import Settings
from survey.registry.models import Agency, Caseload, Counter, Province, Service
from tests.desk import world as desk
from tests.desk.filled import database_url
from tests.results.scattered import YEAR_OVER, publish_everything
from tests.results.test_nothing_comes_back import published
from tests.support.databases import SECRET_KEY

__all__ = ["database_url"]
pytestmark = pytest.mark.one_database
PLACES = {"tyt-mot-ngay": (20, 900), "tyt-qua-nhieu": (25, 20), "tyt-it": (2, 500)}  # answers, caseload


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Months are long over."""
    return Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True, release_step=0)


@pytest.fixture
def world(app: Flask) -> Flask:
    """The small Đắk Lắk."""
    return app


@pytest.fixture
def stations(world: Flask) -> Flask:
    """Stations with answers of one day alone, with more of them than patients, with two."""
    with world.app_context():
        with writing() as session:
            province = session.query(Province).filter_by(key="dak-lak").one()
            service = session.query(Service).filter_by(code="kham-benh").one()
            for code, (_answers, caseload) in PLACES.items():
                agency = Agency(province=province, code=code, name=code, kind="public_service_unit", level="commune")
                session.add_all([agency, Counter(agency=agency, code=f"quay-{code}", name=code, services=[service])])
                session.flush()
                patients = {"agency_id": agency.id, "service_id": service.id, "unit": "visit", "count": caseload}
                session.add(Caseload(**patients, month="2026-10"))
        for code, (answers, _caseload) in PLACES.items():
            desk.answer(code, "kham-benh", "2026-10-05", answers, 5)
    publish_everything(world, YEAR_OVER)
    return world


def test_no_published_warning_names_a_hidden_agency_for_its_answers(stations: Flask, client: FlaskClient) -> None:
    for period in ("2026-10", "2026-Q4", "2026"):
        document = published(client, f"{period}/data.json")
        rows = document["subjects"]["health_service"]["by"]["agency"]
        hidden = {row["domain"] for row in rows if row["suppressed"]}
        assert hidden >= set(PLACES)
        codes = {warning["code"] for warning in document["warnings"]}
        assert codes & {"lonely_psu", "over_response", "not_covered"}, codes
        said = json.dumps(document["warnings"], ensure_ascii=False)
        assert [code for code in hidden if code in said] == []
