"""A counter to rate on 20 November 2026, and people at desks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.channels.conftest import database_url, stored, visitor, world
from tests.desk.world import NOW

__all__ = ["database_url", "stored", "visitor", "world"]


@pytest.fixture(autouse=True)
def frozen_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield
