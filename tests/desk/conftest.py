"""The desk on 20 November 2026, with a small province behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.desk.filled import database_url
from tests.desk.world import NOW

__all__ = ["database_url"]


@pytest.fixture(autouse=True)
def frozen_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world(app: Flask) -> Flask:
    """The application with agencies, caseloads and answers."""
    return app
