"""Đắk Lắk with answers of every size in every place, many of which name no service, and all that is published of it.

What a seed scatters, and all its publications, are made once per run; each test gets a copy.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask

from analysis.results.closing.service import close_period, publish_period
from survey.foundation.configuration.settings import Settings
from survey.foundation.periods import Period
from tests.desk import world as desk
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory

YEAR_OVER = dt.datetime(2027, 1, 5, 3, tzinfo=dt.UTC)
PERIODS = ("2026-09", "2026-10", "2026-Q3", "2026-Q4", "2026-H2", "2026")


def scatter(seed: int) -> None:
    """Store the answers of a seed."""
    chance = random.Random(seed)
    for (agency, service), month in ((place, month) for place in desk.ANSWERS for month in ("2026-09", "2026-10")):
        for named in (True, False):
            for _ in range(chance.randint(0, 3)):
                day = f"{month}-{chance.randint(1, 28):02d}"
                count = chance.choice((1, 2, 3, 8, 25, 60)) if named else chance.choice((0, 1, 2, 5, 40))
                if count:
                    desk.answer(agency, service, day, count, chance.choice((2, 5)), named=named)


def publish_everything(app: Flask, moment: dt.datetime) -> None:
    """Close and publish every period at an instant."""
    for period in PERIODS:
        with time_machine.travel(moment, tick=False), app.app_context():
            close_period("dak-lak", Period.parse(period))
            publish_period("dak-lak", Period.parse(period))


def _filling(seed: int, *, published: bool) -> Callable[[str], None]:
    def fill(url: str) -> None:
        settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)
        with time_machine.travel(desk.NOW, tick=False), application(settings) as app:
            desk.make_world(app)
            with app.app_context():
                scatter(seed)
            if published:
                publish_everything(app, YEAR_OVER)

    return fill


@pytest.fixture
def database_url(databases: DatabaseFactory, seed: int, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a copy of what a seed scattered, published if the test asks for that."""
    published = "published_world" in request.fixturenames
    name = f"scattered_{seed}{'_published' if published else ''}"
    with databases.filled(name, _filling(seed, published=published)) as url:
        yield url


@pytest.fixture
def scattered(app: Flask) -> Flask:
    """The application with what a seed scattered."""
    return app


@pytest.fixture
def published_world(app: Flask) -> Flask:
    """The same with every period closed and published after the end of the year."""
    return app
