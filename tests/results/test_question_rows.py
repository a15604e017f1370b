"""Results by factor and question in public: of a year and the province alone, coarse, kept by small revisions."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from analysis.results.closing.service import close_period, publish_period
from survey.foundation.periods import Period
from tests.desk.world import answer
from tests.interface.test_api import DESCRIPTION, problems
from tests.support.html import assert_valid_html

pytestmark = pytest.mark.one_database

CODES = ("access_information", "facilities_classrooms", "environment_safe", "activities_teaching", "result_progress")
YEAR = "/results/dak-lak/2026"
PATH = "/api/v1/provinces/{province}/publications/{period}"


def answer_in_detail(day: str, count: int, overall: int, detail: int) -> None:
    given: dict[str, Any] = {"answers": {"overall_education": overall, **dict.fromkeys(CODES, detail)}}
    answer("thpt-1", "giao-duc", day, count, overall, **given)


@pytest.fixture
def closed(world: Flask) -> Iterator[Flask]:
    """The year is over; some 190 answered every question of the school's form, on days of eight weeks."""
    with world.app_context():
        for day in (f"2026-{month}-{day:02d}" for month in ("09", "10") for day in range(2, 25)):
            answer_in_detail(day, 4, 5, 4)
            if day.endswith(("5", "0")):
                answer_in_detail(day, 1, 2, 2)
    with time_machine.travel("2027-01-05T03:00:00+00:00", tick=False), world.app_context():
        close_period("dak-lak", Period.parse("2026"))
        yield world


def rows_of(client: FlaskClient, address: str = YEAR) -> list[dict[str, Any]]:
    return client.get(f"{address}/data.json").get_json().get("questions", {}).get("education_service", [])


def test_a_year_tells_factors_and_questions_in_tens_and_tenths(closed: Flask, client: FlaskClient) -> None:
    publish_period("dak-lak", Period.parse("2026"))
    rows = rows_of(client)
    assert {row["domain"] for row in rows if row["of"] == "question"} == set(CODES)
    assert {row["of"] for row in rows} == {"form", "factor", "question"}
    assert {row["n"] for row in rows} == {190}
    assert all(row["estimate"] == round(row["estimate"], 3) for row in rows)
    interface = client.get("/api/v1/provinces/dak-lak/publications/2026")
    assert not problems(json.loads(client.get(DESCRIPTION).data), PATH, interface)
    lines = list(csv.DictReader(client.get(f"{YEAR}/data.csv").text.splitlines()))
    told = [tuple(line[name] for name in ("table", "subject", "domain", "target", "method")) for line in lines]
    assert len(told) == len(set(told)), "two rows that nothing tells apart"
    assert {line["domain"] for line in lines if line["table"] == "question"} == set(CODES)
    page = client.get(YEAR)
    assert_valid_html(page.text, page.headers["Content-Security-Policy"])
    assert "Theo tiêu chí và câu hỏi" in page.text


def test_a_revision_of_a_few_answers_more_keeps_the_rows(closed: Flask, client: FlaskClient) -> None:
    publish_period("dak-lak", Period.parse("2026"))
    before = rows_of(client)
    assert before
    for day in range(2, 25, 2):
        answer_in_detail(f"2026-10-{day:02d}", 2, 4, 4)
    close_period("dak-lak", Period.parse("2026"))
    publish_period("dak-lak", Period.parse("2026"))
    assert rows_of(client) == [{**row, "kept": True} for row in before]


def test_a_month_has_none(world: Flask, client: FlaskClient) -> None:
    with world.app_context():
        for day in range(2, 23):
            answer_in_detail(f"2026-10-{day:02d}", 5, 5, 4)
        close_period("dak-lak", Period.parse("2026-10"))
        publish_period("dak-lak", Period.parse("2026-10"))
    assert rows_of(client, "/results/dak-lak/2026-10") == []
