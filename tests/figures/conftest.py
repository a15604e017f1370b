"""The small Đắk Lắk of the desk's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.desk.filled import database_url

__all__ = ["database_url"]


@pytest.fixture
def small_world(app: Flask) -> Flask:
    """Two months of answers and caseloads."""
    return app
