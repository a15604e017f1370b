"""Figures for monitoring on 20 November 2026."""

from tests.desk.filled import database_url, frozen_clock, world

__all__ = ["database_url", "frozen_clock", "world"]
