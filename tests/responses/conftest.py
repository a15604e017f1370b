"""The small Đắk Lắk of the desk's tests, without answers."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.desk import world
from tests.support.worlds import stored_world


def make_register(app: Flask) -> None:
    with app.app_context():
        world._store_register()


database_url = stored_world("register", make_register, "register")


@pytest.fixture
def register(app: Flask) -> None:
    """Agencies, services and counters."""
