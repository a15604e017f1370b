"""Where an axis of shares begins."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor

AT_MOST = 0.5


def axis_from(drawn: Iterable[float]) -> float:
    """50 %, or the ten below the lowest of what is drawn (0-1): bars that share it use its width."""
    lowest = min(drawn, default=AT_MOST)
    return AT_MOST if lowest >= AT_MOST else max(floor(lowest * 10) / 10, 0.0)
