"""The ratio of 766/QĐ-TTg about dossiers in public: as published, between whole percents, of enough dossiers."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from analysis.results.closing.service import close_period, publish_period
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing
from survey.registry.models import Caseload
from tests.desk.world import answer
from tests.support.html import assert_valid_html

pytestmark = pytest.mark.one_database

OCTOBER = "/results/dak-lak/2026-10"
WORDS = "Hài lòng trong tiếp nhận, giải quyết thủ tục hành chính"


def publish(world: Flask, dossiers: int, overdue: int | None) -> None:
    """October as published when each agency and service handled so many, and so many late."""
    with world.app_context():
        with writing() as session:
            session.execute(update(Caseload).values(count=dossiers, overdue=overdue))
        close_period("dak-lak", Period.parse("2026-10"))
        publish_period("dak-lak", Period.parse("2026-10"))


def test_the_bounds_are_published_in_whole_percents_and_stay_as_published(world: Flask, client: FlaskClient) -> None:
    publish(world, dossiers=1000, overdue=33)
    told = client.get(f"{OCTOBER}/data.json").get_json()["dossiers"]
    assert told == {
        "dossiers": 2000,
        "unsaid": 0,
        "low": 0.95,
        "high": 0.97,
    }  # 66 late; with 20 unhappy and 0-4 reported at worst
    page = client.get(OCTOBER)
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert "Trong 2.000 hồ sơ, từ 95 % đến 97 % không trễ hạn" in page.text.replace("\xa0", " ")
    with world.app_context():
        with writing() as session:
            session.execute(update(Caseload).values(overdue=500))
        answer("ubnd-ea-tam", "ho-tich", "2026-10-09", 30, 1)
    assert client.get(f"{OCTOBER}/data.json").get_json()["dossiers"] == told


def test_one_answer_more_tells_nothing(world: Flask, client: FlaskClient) -> None:
    with world.app_context():
        answer("ubnd-ea-tam", "ho-tich", "2026-10-09", 1, 1)
    publish(world, dossiers=1000, overdue=33)
    assert client.get(f"{OCTOBER}/data.json").get_json()["dossiers"] == {
        "dossiers": 2000,
        "unsaid": 0,
        "low": 0.95,
        "high": 0.97,
    }


@pytest.mark.parametrize(("dossiers", "overdue"), [(499, 33), (1000, None)], ids=["few", "not said how many late"])
def test_of_few_dossiers_or_unknown_lateness_nothing_is_told(
    world: Flask, client: FlaskClient, dossiers: int, overdue: int | None
) -> None:
    publish(world, dossiers, overdue)
    assert "dossiers" not in client.get(f"{OCTOBER}/data.json").get_json()
    assert WORDS not in client.get(OCTOBER).text


def test_a_month_counts_no_dossiers_of_the_months_after_it(world: Flask, client: FlaskClient) -> None:
    with world.app_context():
        with writing() as session:
            session.execute(update(Caseload).values(count=1000, overdue=33))
        for month, dossiers in (("2026-09", 2000), ("2026-10", 4000)):  # of the year until then
            close_period("dak-lak", Period.parse(month))
            publish_period("dak-lak", Period.parse(month))
            told = client.get(f"/results/dak-lak/{month}/data.json").get_json()["targets"]
            assert [target["units"] for target in told if target["coverage_of"] == "on_time"] == [dossiers]
