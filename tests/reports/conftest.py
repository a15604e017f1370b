"""Reports made on 20 November 2026 from the small province of the desk's tests."""

from tests.desk.filled import database_url, frozen_clock, world

__all__ = ["database_url", "frozen_clock", "world"]
