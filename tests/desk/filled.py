"""The small Đắk Lắk is stored once per run and kind of database; each test gets a copy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.desk.world import NOW, make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory


def fill(url: str) -> None:
    """Put the small province into a migrated database."""
    from survey.foundation.settings import Settings

    settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True)
    with time_machine.travel(NOW, tick=False), application(settings) as app:
        make_world(app)


@pytest.fixture
def database_url(databases: DatabaseFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database of this test's own: with the small province for those that ask for `world`."""
    asked = {"world", "small_world"} & set(request.fixturenames)
    with databases.filled("small_world", fill) if asked else databases.migrated() as url:
        yield url
