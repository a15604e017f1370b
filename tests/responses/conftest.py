"""The small Đắk Lắk of the desk's tests, without answers."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.desk import world


@pytest.fixture
def register(app: Flask) -> None:
    """Agencies, services and counters."""
    with app.app_context():
        world._store_register()
