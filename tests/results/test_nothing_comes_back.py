"""The attacker adds and subtracts what is published, over tables, periods and revisions: what is left is 0 or large."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from survey.foundation.periods import Period
from tests.desk import world as desk
from tests.results.scattered import PERIODS, YEAR_OVER, database_url, publish_everything, published_world, scattered
from tests.support.cases import in_one_world
from tests.support.staff import signed_in

__all__ = ["database_url", "published_world", "scattered"]
pytestmark = pytest.mark.one_database

FEWEST_PUBLIC, FEWEST_STAFF = 30, 10
COUNTS = ("n", "received")
LONGER = {
    "2026-Q3": ("2026-09",),
    "2026-Q4": ("2026-10",),
    "2026-H2": ("2026-Q3", "2026-Q4"),
    "2026": ("2026-Q3", "2026-Q4"),
}


@pytest.fixture(params=range(3))
def seed(request: pytest.FixtureRequest) -> int:
    """What the answers are scattered by."""
    return int(request.param)


def published(client: FlaskClient, address: str) -> dict[str, Any]:
    json: dict[str, Any] = client.get(f"/results/dak-lak/{address}").get_json()
    return json


def remainders(figures: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Of each table: its total minus the rows that are shown, for each count."""
    for subject, entry in figures["subjects"].items():
        for by, rows in entry["by"].items():
            for name in COUNTS:
                if entry["total"][name] is not None:
                    shown = sum(row[name] for row in rows if row[name] is not None)
                    yield f"{subject} by {by}: {name}", entry["total"][name] - shown


@pytest.mark.usefixtures("published_world")
def test_no_published_table_gives_back_a_small_remainder(client: FlaskClient) -> None:
    seen = 0
    for period in PERIODS:
        for place, left in remainders(published(client, f"{period}/data.json")):
            assert left == 0 or left >= FEWEST_PUBLIC, f"{period} {place}: {left}"
            seen += left > 0
    assert seen, "nothing was hidden, so nothing was tried"


@pytest.mark.usefixtures("published_world")
def test_the_files_say_no_more_than_the_tables(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/results/dak-lak/2026-10/data.csv").text)))
    for subject in {row["subject"] for row in rows}:
        own = [row for row in rows if row["subject"] == subject]
        of = {kind: [row for row in own if row["table"] == kind] for kind in ("total", "agency", "service")}
        for kind, name in ((kind, name) for kind in ("agency", "service") for name in COUNTS):
            if of["total"] and of["total"][0][name]:
                left = int(of["total"][0][name]) - sum(int(row[name]) for row in of[kind] if row[name])
                assert left == 0 or left >= FEWEST_PUBLIC, f"{subject} by {kind}: {left}"


@pytest.mark.usefixtures("published_world")
def test_longer_periods_minus_shorter_ones_leave_nothing_small(client: FlaskClient) -> None:
    files = {period: published(client, f"{period}/data.json")["subjects"] for period in PERIODS}
    for longer, shorter in LONGER.items():
        for subject, entry in files[longer].items():
            for by, rows in entry["by"].items():
                for row, name in ((row, name) for row in rows for name in COUNTS):
                    parts = [_cell(files[period], subject, by, row["domain"], name) for period in shorter]
                    if row[name] is not None and None not in parts:
                        left = row[name] - sum(part or 0 for part in parts)
                        assert left == 0 or left >= FEWEST_PUBLIC, f"{longer} {subject} {row['domain']} {name}: {left}"


def _cell(subjects: dict[str, Any], subject: str, by: str, domain: str, name: str) -> int | None:
    rows = subjects.get(subject, {}).get("by", {}).get(by, [])
    return next((row[name] for row in rows if row["domain"] == domain), 0 if subject not in subjects else None)


def test_revisions_differ_by_nothing_small(published_world: Flask, client: FlaskClient) -> None:
    with published_world.app_context():
        for count, named in ((2, True), (1, False), (35, True)):
            desk.answer(
                "bv-tinh",
                "kham-benh",
                "2026-10-07",
                count,
                2,
                received_at=YEAR_OVER + dt.timedelta(hours=1),
                named=named,
            )
    publish_everything(published_world, YEAR_OVER + dt.timedelta(hours=2))
    for number, period in enumerate(PERIODS):
        first, second = (published(client, f"{period}/data.json?revision={n}") for n in (1, 2))
        for place, left in remainders(second):
            assert left == 0 or left >= FEWEST_PUBLIC, f"revised {period} {place}: {left}"
        for earlier, later in combinations((first, second), 2):
            for subject, entry in earlier["subjects"].items():
                again = later["subjects"][subject]
                pairs = [(entry["total"], again["total"])]
                pairs += [(row, _row(again, by, row["domain"])) for by, rows in entry["by"].items() for row in rows]
                for before, after in pairs:
                    for name in COUNTS:
                        if before[name] is not None and after[name] is not None:
                            left = abs(after[name] - before[name])
                            assert left == 0 or left >= FEWEST_PUBLIC, f"{number} {subject} {name}: {left}"


def _row(entry: dict[str, Any], by: str, domain: str) -> dict[str, Any]:
    return next(row for row in entry["by"][by] if row["domain"] == domain)


@in_one_world("by", ["agency", "service", "channel", "month", "field", "area"])
def test_no_table_of_staff_gives_back_a_small_remainder(scattered: Flask, by: str) -> None:
    """The one service behind desk, PDF, Word, exports and the command line."""
    with scattered.app_context():
        for subject in ("health_service", "education_service", "agency_service"):
            for period in ("2026-10", "2026-Q4", "2026"):
                question = FigureQuery(province="dak-lak", subject=subject, period=Period.parse(period))
                whole, parts = answer(question).total, answer(FigureQuery(**{**vars(question), "by": by})).figures
                # Months differ from their year in what their weights use (n): told apart by all that came.
                for name in ("answers", "received") if by == "month" else COUNTS:
                    total = getattr(whole, name)
                    if whole.suppressed or total is None:
                        continue
                    told = [part for part in parts if not part.suppressed]
                    left = total - sum(getattr(part, name) or 0 for part in told)
                    assert left == 0 or left >= FEWEST_STAFF, f"{subject} {period} by {by}: {name} {left}"


def test_the_desks_table_names_a_row_that_is_held_back_without_a_number(scattered: Flask) -> None:
    desk_client = signed_in(scattered, "so-y-te", "method_owner", sector="health")
    assert desk_client.get("/desk/dak-lak/health/explore?by=service&period=2026-10").status_code == 200
