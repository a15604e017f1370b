"""A counter to rate on 20 November 2026, and people at desks."""

from tests.channels.conftest import database_url, stored, visitor, world
from tests.desk.filled import frozen_clock

__all__ = ["database_url", "frozen_clock", "stored", "visitor", "world"]
