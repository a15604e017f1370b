"""What a detector hands over, before it becomes a task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CHART, DROP, BURST, ALIKE, OVERFULL, QUIET = "chart", "drop", "burst", "alike", "overfull", "quiet"
FILE, DRIP, OVERFULL_DAY = "file", "drip", "overfull_day"
CHANNEL_FLOW, CHANNEL_GAP = "channel_flow", "channel_gap"
STUFFING = frozenset({BURST, ALIKE, FILE})  # shown with and without the answers they are about


@dataclass(frozen=True)
class Finding:
    """`about` names the evidence within its kind and province; `evidence` is JSON."""

    kind: str
    about: str
    month: str
    sector: str
    agency_id: int
    counter_id: int | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
