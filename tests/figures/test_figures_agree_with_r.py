"""The whole path at once: answers through the door, caseloads in the table, and R's survey package's numbers out.

Expected: `c_cluster.json`, C6, made with `postStratify(svydesign(ids=~cd, strata=~unit, nest=TRUE), ~unit+service, N)`.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

SURVEY = Path(__file__).parents[1] / "data" / "survey"
MONTH, PERIOD = "2026-01", "2026-Q1"


def table(name: str) -> list[dict[str, str]]:
    with (SURVEY / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def cluster_fixture(app: Flask) -> Flask:
    """The fixture's units as agencies, its counters as counters, its services, caseloads and every answer."""
    from survey.foundation.storage.database import writing
    from survey.responses.ingest import Submission, receive

    answers = table("c_cluster_micro.csv")
    days = days_of_their_own(answers)
    with app.app_context():
        with writing() as session:
            _store_register(session, answers)
        receipts = receive(
            [
                Submission(
                    id=uuid.uuid4(),
                    questionnaire="health",
                    version=1,
                    counter=f"{row['unit']}-{row['counter']}",
                    service=row["service"],
                    answered_at=days[row["unit"], row["cd"]],
                    channel="kiosk",
                    answers={"overall_health": int(row["rating"])},
                )
                for row in answers
            ]
        )
        assert {receipt.status for receipt in receipts} == {"stored"}
    return app


def days_of_their_own(answers: list[dict[str, str]]) -> dict[tuple[str, str], dt.datetime]:
    """A day of its unit for every counter-day of the fixture: what was drawn together is an agency's day."""
    first = dt.datetime(2026, 1, 1, 3, tzinfo=dt.UTC)
    days: dict[tuple[str, str], dt.datetime] = {}
    for unit in {row["unit"] for row in answers}:
        clusters = sorted({row["cd"] for row in answers if row["unit"] == unit})
        days |= {(unit, cluster): first + dt.timedelta(days=place) for place, cluster in enumerate(clusters)}
    return days


def _store_register(session: Any, answers: list[dict[str, str]]) -> None:
    from survey.registry.models import Agency, Caseload, Counter, Province, Service

    province = session.query(Province).filter_by(key="dak-lak").one()
    units = {row["unit"] for row in answers}
    agencies = {
        code: Agency(province=province, code=code, name=code, kind="public_service_unit", level="province")
        for code in sorted(units)
    }
    services = {code: Service(code=code, name=code, sector="health", field="") for code in ("S1", "S2", "S3", "S4")}
    session.add_all([*agencies.values(), *services.values()])
    for unit, counter in sorted({(row["unit"], row["counter"]) for row in answers}):
        session.add(Counter(agency=agencies[unit], code=f"{unit}-{counter}", name=counter))
    session.flush()
    for row in table("c_cluster_caseload.csv"):
        agency_id, service_id = agencies[row["unit"]].id, services[row["service"]].id
        session.add(
            Caseload(agency_id=agency_id, service_id=service_id, month=MONTH, unit="visit", count=int(row["N"]))
        )


def ask(**more: Any) -> Any:
    from analysis.figures.query import FigureQuery
    from analysis.figures.service import answer
    from survey.foundation.periods import Period

    return answer(FigureQuery(province="dak-lak", subject="health_service", period=Period.parse(PERIOD), **more))


def test_the_province_figure_equals_r(cluster_fixture: Flask) -> None:
    expected = json.loads((SURVEY / "expected" / "c_cluster.json").read_text())["C6_cluster_unitweight_post"]
    with cluster_fixture.app_context():
        estimate = ask().total.estimate

    assert estimate.estimate == pytest.approx(expected["est"], rel=1e-9)
    assert estimate.variance == pytest.approx(expected["var"], rel=1e-9)
    assert estimate.standard_error == pytest.approx(expected["se"], rel=1e-9)
    assert estimate.design_effect == pytest.approx(expected["deff"], rel=1e-9)
    assert estimate.kish_design_effect == pytest.approx(expected["kish_deff"], rel=1e-9)
    assert estimate.sum_of_weights == pytest.approx(expected["sum_w"], rel=1e-9)
    assert (estimate.n, estimate.df) == (expected["n"], expected["df"])


def test_agencies_weighted_by_their_caseload_give_the_province_figure_back(cluster_fixture: Flask) -> None:
    with cluster_fixture.app_context():
        whole, parts = ask().total.estimate, ask(by="agency").figures

    total = sum(part.caseload for part in parts)
    assert total == whole.caseload
    assert sum(part.caseload * part.estimate.estimate for part in parts) / total == pytest.approx(whole.estimate)


def test_an_agency_asked_for_alone_has_the_figure_it_has_in_the_table(cluster_fixture: Flask) -> None:
    from survey.foundation.storage.database import db
    from survey.registry.models import Agency

    with cluster_fixture.app_context():
        in_table = ask(by="agency")["V3"].estimate
        agency_id = db.session.query(Agency).filter_by(code="V3").one().id
        alone = ask(agencies=frozenset({agency_id})).total.estimate

    assert (alone.estimate, alone.variance, alone.n_eff) == pytest.approx(
        (in_table.estimate, in_table.variance, in_table.n_eff)
    )
