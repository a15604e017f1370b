"""Measures on 20 November 2026, with the small province of the desk's tests behind them."""

from tests.desk.filled import database_url, frozen_clock, world

__all__ = ["database_url", "frozen_clock", "world"]
