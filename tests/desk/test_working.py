"""The page "cách tính" shows how a figure came about, down to a file that gives the same number without us."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from tests.desk.test_overview import open_page
from tests.desk.world import answer
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def owner(world: Flask) -> FlaskClient:
    return signed_in(world, "so-y-te", "method_owner", sector="health")


def test_every_step_is_shown(owner: FlaskClient) -> None:
    page = open_page(owner, "/desk/dak-lak/health/explain")
    assert "Gia quyền (p) 69,1" in page
    assert "Số lượt khám (N) 21.200" in page
    assert "Bệnh viện đa khoa tỉnh Khám bệnh ngoại trú Quý III/2026 9.000 110 70 81,8" in page
    assert "Công thức E3" in page
    assert "analysis estimate cells.csv --target '>80'" in page


@pytest.mark.parametrize("query", ["", "period=2026-10", "agency=bv-tinh", "service=kham-benh"])
def test_the_file_of_cells_gives_the_same_number(
    world: Flask, owner: FlaskClient, runner: FlaskCliRunner, tmp_path: Path, query: str
) -> None:
    from analysis.figures.query import FigureQuery
    from analysis.figures.service import answer as ask
    from survey.registry.models import Agency, Service

    with world.app_context():
        # A handful of answers for a thin post-stratum that is pooled, and a dozen that name no service.
        answer("tyt-xa", "kham-benh", "2026-10-12", 1, 3)
        answer("bv-tinh", "kham-benh", "2026-10-13", 12, 1, named=False)
    with world.app_context():
        agencies = frozenset(id_ for id_, code in db.session.query(Agency.id, Agency.code) if code in query)
        services = frozenset(id_ for id_, code in db.session.query(Service.id, Service.code) if code in query)
        asked = FigureQuery(
            province="dak-lak",
            subject="health_service",
            period=Period.parse("2026-10" if "2026-10" in query else "2026"),
            agencies=agencies or None,
            services=services or None,
        )
        told = ask(asked).total
        expected = told.estimate
    assert expected is not None
    file = tmp_path / "cells.csv"
    file.write_bytes(owner.get(f"/desk/dak-lak/health/cells.csv?{query}").data)
    no_fpc = [] if asked.period.kind == "year" else ["--no-fpc"]
    result = runner.invoke(args=["analysis", "estimate", str(file), "--target", ">80", *no_fpc])
    assert result.exit_code == 0, result.output
    (domain,) = json.loads(result.stdout)["domains"]
    assert domain["estimate"] == expected.estimate
    assert domain["n"] == expected.n
    assert domain["standard_error"] == pytest.approx(expected.standard_error, rel=1e-12)
    assert domain["n_eff"] == pytest.approx(expected.n_eff, rel=1e-12)
    assert domain["unweighted"] == expected.unweighted
    assert domain["received"] == told.received


def test_each_download_of_cells_is_logged(owner: FlaskClient, database: SQLAlchemy) -> None:
    owner.get("/desk/dak-lak/health/cells.csv?period=2026-10")
    (entry,) = database.session.scalars(select(AuditEntry)).all()
    assert entry.action == "download_cells"
    assert entry.after is not None
    assert (entry.after["subject"], entry.after["period"]) == ("health_service", "2026-10")


def test_only_the_headline_method_has_a_file_of_cells(owner: FlaskClient) -> None:
    assert owner.get("/desk/dak-lak/health/cells.csv?method=mean_rescaled").status_code == 404
