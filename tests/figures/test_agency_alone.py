"""An agency has one figure: in the table of all agencies and asked for alone, whether others know their days or not."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from analysis.figures.figure import Figure
from analysis.figures.query import FigureQuery
from analysis.figures.register import fetch_province, fetch_register, fetch_services
from analysis.figures.service import answer
from analysis.statistics import Threshold
from survey.foundation.periods import Period
from tests.desk import world
from tests.support.cases import in_one_world
from tests.support.staff import signed_in
from tests.support.worlds import stored_world

pytestmark = pytest.mark.one_database

ON_PAPER = ("tyt-xa", "ubnd-ea-tam")  # typed in later: which counter, and so which day's drawing, nobody knows
TARGET = Threshold.parse(">75")


def make_paper_world(app: Flask) -> None:
    """The small province, two of whose agencies ask on paper without a counter."""
    with app.app_context():
        world._store_register()
        world._store_caseloads()
        given = []
        for (agency, service), (good, bad) in world.ANSWERS.items():
            for day in (f"{month}-{day:02d}" for month in world.MONTHS for day in range(1, 29, 3)):
                for value, count in ((5, good + int(day[-1]) % 2), (2, bad)):
                    own = world.submissions(agency, service, day, count, value)
                    on_paper = (replace(sent, counter=None, agency=agency, channel="paper") for sent in own)
                    given += on_paper if agency in ON_PAPER else own
        world.hand_in(given)


database_url = stored_world("asked_on_paper", make_paper_world, "province", at=world.NOW)


@pytest.fixture
def province(app: Flask) -> Flask:
    return app


def told(figure: Figure) -> list[float]:
    """All that is said of how sure it is; NaN where nothing is."""
    estimate, verdict = figure.estimate, figure.verdict
    assert estimate is not None
    assert estimate.interval_90 is not None
    assert verdict is not None
    certainty = [estimate.variance, estimate.df_effective, estimate.kappa, estimate.n_eff, verdict.p_above]
    bounds = (estimate.interval_90.low, estimate.interval_90.high)
    return [float(math.nan if n is None else n) for n in (estimate.estimate, estimate.n, *certainty, *bounds)]


@in_one_world(
    ("subject", "period"),
    [(subject, period) for subject in ("health_service", "agency_service") for period in ("2026", "2026-H2")],
)
def test_a_row_and_the_agency_alone_are_equally_sure(province: Flask, subject: str, period: str) -> None:
    question = FigureQuery(province="dak-lak", subject=subject, period=Period.parse(period), by="agency")
    with province.app_context():
        ids = {agency.code: id_ for id_, agency in fetch_register(fetch_province("dak-lak").id).agencies.items()}
        rows = [row for row in answer(question, TARGET).figures if row.verdict]
        assert {row.estimate.clustered for row in rows if row.estimate} == {True, False}
        for row in rows:
            alone = answer(replace(question, by=None, agencies=frozenset({ids[row.domain]})), TARGET).total
            assert (alone.key, alone.received) == (row.key, row.received)
            assert told(alone) == pytest.approx(told(row), rel=1e-12, nan_ok=True), row.domain


def test_a_service_and_its_row_are_equally_sure_where_nothing_else_is_asked_for(province: Flask) -> None:
    with province.app_context():
        (id_,) = (service.id for service in fetch_services() if service.code == "ho-tich")
        question = FigureQuery(
            province="dak-lak", subject="agency_service", period=Period.parse("2026"), services=frozenset({id_})
        )
        row = answer(replace(question, by="service"), TARGET)["ho-tich"]
        assert row.estimate is not None
        assert not row.estimate.clustered
        assert told(answer(question, TARGET).total) == pytest.approx(told(row), rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("period", ["2026", "2026-H2"])
def test_the_file_of_a_row_gives_its_own_certainty(
    province: Flask, runner: FlaskCliRunner, tmp_path: Path, period: str
) -> None:
    owner = signed_in(province, "so-y-te", "method_owner", sector="health")
    asked = f"period={period}&by=agency&part=tyt-xa"
    assert "--no-fpc" in owner.get(f"/desk/dak-lak/health/explain?{asked}").text
    file = tmp_path / "cells.csv"
    file.write_bytes(owner.get(f"/desk/dak-lak/health/cells.csv?{asked}").data)
    (domain,) = json.loads(runner.invoke(args=["analysis", "estimate", str(file), "--no-fpc"]).stdout)["domains"]
    with province.app_context():
        question = FigureQuery(province="dak-lak", subject="health_service", period=Period.parse(period), by="agency")
        row = answer(question)["tyt-xa"].estimate
    assert row is not None
    assert (domain["domain"], domain["n"]) == ("tyt-xa", row.n)
    assert domain["n_eff"] == pytest.approx(row.n_eff, rel=1e-12)
