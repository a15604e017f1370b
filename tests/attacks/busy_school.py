"""The small Đắk Lắk, told of as in an installation (in steps of ten answers), with a busy November at its school."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from survey.foundation.configuration.settings import Settings
from tests.desk import world as desk
from tests.support.databases import SECRET_KEY

SCHOOL = "thpt-1"


@pytest.fixture
def settings(database_url: str) -> Settings:
    """As an installation has them."""
    return Settings(secret_key=SECRET_KEY, database_url=database_url, log_level="ERROR", testing=True)


@pytest.fixture
def world(app: Flask) -> Flask:
    with app.app_context():
        for day in range(2, 21):
            at = dt.datetime(2026, 11, day, 2, tzinfo=dt.UTC)
            desk.answer(SCHOOL, "giao-duc", at.date().isoformat(), 7, 5, received_at=at, comment="Trường sạch đẹp")
    return app
