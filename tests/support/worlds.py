"""Worlds that many tests begin with: made once per run and kind of database, copied for each test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory


def stored_world(
    name: str, make: Callable[[Flask], None], *fixtures: str, at: dt.datetime | None = None
) -> Callable[..., Any]:
    """A `database_url` for a folder's tests.

    Whoever asks for one of `fixtures` gets a database with what `make` put there (at an instant, if it matters);
    everybody else an empty one. The fixture of that name has nothing left to do but to give the application.
    """

    def fill(url: str) -> None:
        from survey.foundation.configuration.settings import Settings

        settings = Settings(secret_key=SECRET_KEY, database_url=url, testing=True, release_step=0)
        with time_machine.travel(at, tick=False) if at else nullcontext(), application(settings) as app:
            make(app)

    @pytest.fixture
    def database_url(databases: DatabaseFactory, request: pytest.FixtureRequest) -> Iterator[str]:
        asked = not {*fixtures}.isdisjoint(request.fixturenames)
        with databases.filled(name, fill) if asked else databases.migrated() as url:
            yield url

    return database_url
