"""The desk on 20 November 2026, with a small province behind it."""

from tests.desk.filled import database_url, frozen_clock, world

__all__ = ["database_url", "frozen_clock", "world"]
