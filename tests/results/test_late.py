"""Figures of a closed period say how many of its answers came after it was closed."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from tests.desk.test_overview import open_page
from tests.desk.world import NOW, answer
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

LATE = NOW + dt.timedelta(minutes=5)
EXPLORE = "/desk/dak-lak/health/explore?subject=health_service&period="


def close(app: Flask, period: str) -> None:
    from analysis.figures.register import fetch_province
    from analysis.periods.models import Closing
    from survey.foundation.storage.database import writing

    with app.app_context(), writing() as session:
        session.add(Closing(province_id=fetch_province("dak-lak").id, period=period, revision=1, closed_at=NOW))


@pytest.fixture
def late(world: Flask) -> Flask:
    """October was closed; then kiosks came back with seven answers about health and nine about education."""
    close(world, "2026-10")
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-20", 7, 5, received_at=LATE)
        answer("thpt-1", "giao-duc", "2026-10-20", 9, 5, received_at=LATE)
    return world


@pytest.fixture
def desk(late: Flask) -> FlaskClient:
    return signed_in(late, "so-y-te", "method_owner", sector="health")


def test_the_overview_of_the_year_tells_of_the_month_that_was_closed_too_early(desk: FlaskClient) -> None:
    assert "7 phiếu đến sau khi chốt tháng 10/2026" in open_page(desk)


def test_a_period_that_was_never_closed_has_no_late_answers(world: Flask) -> None:
    desk = signed_in(world, "so-y-te", "method_owner", sector="health")
    assert "sau khi chốt" not in open_page(desk)
    assert "sau khi chốt" not in open_page(desk, f"{EXPLORE}2026-10")


def test_an_explored_period_tells_of_its_own_late_answers_only(desk: FlaskClient, late: Flask) -> None:
    close(late, "2026-09")
    assert "7 phiếu đến sau khi chốt tháng 10/2026" in open_page(desk, f"{EXPLORE}2026-10")
    assert "Không có phiếu nào đến sau khi chốt tháng 9/2026" in open_page(desk, f"{EXPLORE}2026-09")
    station = open_page(desk, f"{EXPLORE}2026-10&agency=tyt-xa")
    assert "Không có phiếu nào đến sau khi chốt tháng 10/2026" in station


def test_fewer_than_five_late_answers_are_not_counted_out(late: Flask, desk: FlaskClient) -> None:
    with late.app_context():
        answer("tyt-xa", "kham-benh", "2026-10-20", 3, 5, received_at=LATE)
    assert "dưới 5 phiếu đến sau khi chốt" in open_page(desk, f"{EXPLORE}2026-10&agency=tyt-xa")


@in_one_world(("subject", "count"), [("health_service", 7), ("health_and_education", 16), ("agency_service", 0)])
def test_programs_read_the_late_answers_of_a_subject(
    late: Flask, runner: FlaskCliRunner, subject: str, count: int
) -> None:
    arguments = ["--province=dak-lak", "--period=2026-10", f"--subject={subject}", "--format=json"]
    printed = json.loads(runner.invoke(args=["analysis", "estimates", *arguments]).stdout)
    assert [(late["period"], late["answers"]) for late in printed["late"]] == [("2026-10", count)]


def test_an_answer_received_at_the_very_closing_is_late(world: Flask, runner: FlaskCliRunner) -> None:
    from analysis.figures.register import fetch_province
    from analysis.periods.late import late_answers
    from survey.foundation.periods import Period

    close(world, "2026-10")
    with world.app_context():
        answer("bv-tinh", "kham-benh", "2026-10-20", 5, 5, received_at=NOW)
        [late] = late_answers(fetch_province("dak-lak").id, Period.parse("2026-10"))
    assert late.answers == 5
