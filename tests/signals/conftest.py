"""Signals on 20 November 2026 in a small province where, at first, nothing is wrong."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.desk.conftest import frozen_clock
from tests.signals.world import make_honest_world

__all__ = ["frozen_clock"]


@pytest.fixture
def honest(app: Flask) -> Flask:
    make_honest_world(app)
    return app
