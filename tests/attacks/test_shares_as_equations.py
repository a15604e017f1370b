"""A reader who knows that answers are whole numbers takes published shares for equations about what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
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

HIDDEN = {"tyt-1": 300, "tyt-2": 410, "tyt-xa": 600}  # their caseloads, which everybody may know
STATIONS = {  # answers, satisfied, patients
    "tyt-1": (7, 5, 300),
    "tyt-2": (31, 22, 410),
    "tyt-3": (150, 120, 900),
    "tyt-4": (200, 150, 1300),
}
EXACT = {"caseload", "coverage", "response_rate", "registered", "told"}  # of told counts and of the register


class Rest(NamedTuple):
    """What the hidden agencies hold together: answers, satisfied ones, the sum of caseload times share; and how sure
    that is."""

    answers: int
    satisfied: int
    weighted: float
    unsure: float


@pytest.fixture
def stations(world: Flask) -> Flask:
    """Health stations of every size; the month and all others published."""
    with world.app_context():
        add_stations({code: patients for code, (_answers, _satisfied, patients) in STATIONS.items()})
        everything = []
        for code, (answers, satisfied, _patients) in STATIONS.items():
            for number in range(answers):
                day, value = f"2026-10-{1 + number % 28:02d}", 5 if number < satisfied else 2
                everything += desk.submissions(code, "kham-benh", day, 1, value)
        desk.hand_in(everything)
    publish_everything(world, YEAR_OVER)
    return world


def rest_of(entry: dict[str, Any], digits: int) -> Rest:
    """The total minus the rows that are told; shares are told to so many decimals."""
    total, told = entry["total"], [row for row in entry["by"]["agency"] if row["n"] is not None]
    satisfied = [round(row["unweighted"] * row["n"]) for row in (total, *told)]
    weighted = [row["estimate"] * row["caseload"] for row in (total, *told)]
    return Rest(
        total["n"] - sum(row["n"] for row in told),
        satisfied[0] - sum(satisfied[1:]),
        weighted[0] - sum(weighted[1:]),
        0.5 * 10**-digits * sum(row["caseload"] for row in (total, *told)),
    )


def solutions(rest: Rest) -> Iterator[tuple[int, int, int]]:
    """How many answers each of the three may hold, for all that the shares say."""
    first, second, third = HIDDEN.values()
    for a in range(1, rest.answers - 1):
        for b in range(1, rest.answers - a):
            c = rest.answers - a - b
            good_a, good_b = np.arange(a + 1)[:, None], np.arange(b + 1)[None, :]
            good_c = rest.satisfied - good_a - good_b
            weighted = first * good_a / a + second * good_b / b + third * good_c / c
            near = np.abs(weighted - rest.weighted) < rest.unsure + 1e-7
            if (near & (good_c >= 0) & (good_c <= c)).any():
                yield a, b, c


def test_whole_answers_of_hidden_agencies_do_not_follow_from_shares(stations: Flask, client: FlaskClient) -> None:
    entry = published(client, "2026-10/data.json")["subjects"]["health_service"]
    assert {row["domain"] for row in entry["by"]["agency"] if row["suppressed"]} == set(HIDDEN)
    rest = rest_of(entry, 3)
    assert rest.answers == 58
    possible = list(solutions(rest))
    for place, agency in enumerate(HIDDEN):
        held = {counts[place] for counts in possible}
        assert len(held) >= 30, f"{agency}: {sorted(held)}"


def test_no_published_number_says_more_than_pages_print(stations: Flask, client: FlaskClient) -> None:
    seen = 0
    for period in ("2026-10", "2026-Q4", "2026"):
        for document in (
            published(client, f"{period}/data.json"),
            client.get(f"/api/v1/provinces/dak-lak/publications/{period}").get_json(),
        ):
            for name, value in floats(document):
                assert name in EXACT or round(value, 4) == value, f"{period}: {name} {value}"
                seen += 1
    assert seen > 500


def floats(value: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """Every share in a JSON value, with what it is called; what is not about answers is left out."""
    match value:
        case float():
            yield name, value
        case dict():
            for key, part in value.items():
                if key not in ("on_time", "dossiers"):
                    yield from floats(part, key)
        case list():
            for part in value:
                yield from floats(part, name)
