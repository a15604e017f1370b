"""The small Đắk Lắk of the desk's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.desk import world


@pytest.fixture
def small_world(app: Flask) -> Flask:
    """Two months of answers and caseloads."""
    world.make_world(app)
    return app
