"""Signals on 20 November 2026 in a small province where, at first, nothing is wrong."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.desk.filled import frozen_clock
from tests.desk.world import NOW
from tests.signals.world import make_honest_world
from tests.support.worlds import stored_world

__all__ = ["frozen_clock"]

database_url = stored_world("honest_world", make_honest_world, "honest", at=NOW)


@pytest.fixture
def honest(app: Flask) -> Flask:
    """The application with honest answers of two months."""
    return app
