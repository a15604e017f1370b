"""An official sets filters by hand, joins them as they like, and subtracts every number on every page from every other.

What is left by subtraction is nobody, or ten and more; of answers that name no service, of a counter, a channel, a
language or a month with few, nothing is worked out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import permutations
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer as figures_of
from survey.foundation.database import db
from survey.foundation.periods import Period
from survey.registry.models import Agency, Service
from tests.desk.filled import database_url
from tests.desk.world import NOW, hand_in, submissions
from tests.guards.one_figure.pages import of_page
from tests.support.html import parse_html
from tests.support.staff import signed_in

pytestmark = pytest.mark.one_database

__all__ = ["database_url"]
FEWEST = 10
HOSPITAL = "bv-tinh"
PERIODS = ("2026", "2026-Q3", "2026-Q4", "2026-09", "2026-10")
FILTERS = {
    "service": ("kham-benh", "noi-tru"),
    "field": ("Khám bệnh", "Chữa bệnh"),
    "channel": ("qr", "paper", "kiosk"),
    "language": ("vi", "en"),
}
WITHIN = {"kham-benh": "Khám bệnh", "noi-tru": "Chữa bệnh"}
Chosen = Mapping[str, str]


class Told(NamedTuple):
    """What a page says of a selection."""

    chosen: frozenset[tuple[str, str]]
    n: int | None
    received: int | None
    place: str


@pytest.fixture(autouse=True)
def frozen_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(app: Flask) -> Flask:
    """A hospital of whose answers few came by each of the rarer ways, some of them naming no service."""
    rng = random.Random(20261120)
    with app.app_context():
        for month in ("2026-09", "2026-10"):
            for channel, language, named, most in (
                ("qr", "en", True, 14),
                ("paper", "vi", True, 30),
                ("paper", "en", True, 4),
                ("paper", "vi", False, 3),
                ("kiosk", "vi", True, 25),
                ("kiosk", "vi", False, 6),
            ):
                for service in ("kham-benh", "noi-tru"):
                    count = rng.randint(1, most)
                    more = {"channel": channel, "language": language}
                    hand_in(submissions(HOSPITAL, service, f"{month}-14", count, rng.choice((2, 5)), named, **more))
    return app


def pages_of(client: FlaskClient, chosen: Chosen, by: str) -> Iterator[Told]:
    """All numbers of the page of a selection, of its working, and of its breakdown."""
    question = FigureQuery(
        province="dak-lak",
        subject="health_service",
        period=Period.parse(chosen["period"]),
        agencies=frozenset({id_of(Agency, HOSPITAL)}),
        services=services_of(chosen),
        channels=frozenset({chosen["channel"]}) if "channel" in chosen else None,
        languages=frozenset({chosen["language"]}) if "language" in chosen else None,
    )
    about = {figures_of(question).total.key: frozenset(chosen.items())}
    for row in figures_of(replace(question, by=by)).figures:
        name = "period" if by == "month" else by
        if row.domain in (*PERIODS, *FILTERS.get(by, ())):
            about[row.key] = frozenset({**chosen, name: row.domain}.items())
    for page in ("explore", "explain"):
        place = f"/desk/dak-lak/health/{page}?{urlencode({**chosen, 'agency': HOSPITAL, 'by': by})}"
        answer = client.get(place)
        assert answer.status_code == 200, place
        for claim in of_page(place, parse_html(answer.text)):
            if claim.key in about:
                yield Told(about[claim.key], claim.n, claim.received, place)


def id_of(model: type[Agency] | type[Service], code: str) -> int:
    return db.session.query(model.id).filter_by(code=code).one()[0]


def services_of(chosen: Chosen) -> frozenset[int] | None:
    if not chosen.keys() & {"service", "field"}:
        return None
    codes = [code for code, field in WITHIN.items() if chosen.get("field", field) == field]
    return frozenset(id_of(Service, code) for code in codes if chosen.get("service", code) == code)


def contains(wider: frozenset[tuple[str, str]], narrower: frozenset[tuple[str, str]]) -> bool:
    """Whether every answer of one selection is among those of the other, whatever was answered."""
    own = dict(narrower)
    months = set(Period.parse(own["period"]).months)
    field = own.get("field") or WITHIN.get(own.get("service", ""))
    return all(
        (name == "period" and months <= set(Period.parse(value).months))
        or (name == "field" and value == field)
        or own.get(name) == value
        for name, value in wider
    )


def combinations(rng: random.Random, count: int) -> Iterator[dict[str, str]]:
    """The whole, and filters set at random: none to four at once."""
    yield from ({"period": period} for period in PERIODS)
    for _place in range(count):
        names = rng.sample(sorted(FILTERS), rng.randint(1, 3))
        chosen = {name: rng.choice(FILTERS[name]) for name in names} | {"period": rng.choice(PERIODS)}
        if "service" not in chosen or chosen.get("field", WITHIN[chosen["service"]]) == WITHIN[chosen["service"]]:
            yield chosen


@pytest.fixture
def told(world: Flask) -> list[Told]:
    """What a method owner reads who opens forty selections."""
    rng = random.Random(14)
    client = signed_in(world, "chu-phuong-phap", "method_owner", sector="health")
    with world.test_request_context():
        return [
            number
            for chosen in combinations(rng, 40)
            for number in pages_of(client, chosen, rng.choice(("month", "service", "channel", "language")))
        ]


def test_no_two_selections_of_any_filters_tell_of_fewer_than_ten(world: Flask, told: list[Told]) -> None:
    pairs = 0
    for wider, narrower in permutations(told, 2):
        if contains(wider.chosen, narrower.chosen):
            for more, fewer in ((wider.n, narrower.n), (wider.received, narrower.received)):
                if more is not None and fewer is not None:
                    pairs += 1
                    assert more == fewer or abs(more - fewer) >= FEWEST, (wider, narrower)
    assert pairs > 100
