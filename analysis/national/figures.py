"""What an edition holds, as plain JSON in the shape of a province's publication.

subjects: by subject `total` (a row), `by` (rows by province, area, channel, service), `target` (">80" or none),
          `notes` (province, code, message), `marked` (answers from queue files and beyond counters' capacity)
withheld: provinces without a figure (province, month or none, reason); `open`: those that have not closed the period
a row:    domain, label, suppressed, the numbers of a published row, its `verdict` with all that stands beside it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.statistics.verdict import Threshold
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT

Figures = dict[str, Any]
FORMAT = 1
SUBJECTS = tuple(subject for subject, sector in SECTOR_OF_SUBJECT.items() if sector is not None)
BREAKDOWNS = ("area", "channel", "service")  # beside the provinces
# Services are for the desk alone: provinces publish them too, and hide some of theirs for reasons no archive tells.
PUBLISHED = ("province", "area", "channel")


def read_targets(words: tuple[str, ...]) -> dict[str, Threshold]:
    """The country's targets by subject, from words like ``health_service>=85``. Raises StatisticsError."""
    split = [(word, next((at for at, sign in enumerate(word) if sign in ">=≥"), len(word))) for word in words]
    return {word[:at]: Threshold.parse(word[at:]) for word, at in split}


def targets_of(targets: Mapping[str, Threshold] | None) -> dict[str, str]:
    """The same as texts."""
    return {subject: str(threshold) for subject, threshold in (targets or {}).items()}


def for_everybody(figures: Figures) -> Figures:
    """Of an edition what is published."""
    subjects = {
        subject: {**entry, "by": {by: rows for by, rows in entry["by"].items() if by in PUBLISHED}}
        for subject, entry in figures["subjects"].items()
    }
    return {**figures, "subjects": subjects}
