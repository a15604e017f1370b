"""Figures for monitoring on 20 November 2026."""

from tests.desk.conftest import frozen_clock

__all__ = ["frozen_clock"]
