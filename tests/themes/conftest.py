"""Comments of the small province of the desk's tests."""

from __future__ import annotations

from tests.desk.filled import database_url, frozen_clock, world

__all__ = ["database_url", "frozen_clock", "world"]
