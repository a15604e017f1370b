"""How many answers came through the door, by channel and outcome: a counter of this server, for monitoring."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Sequence

from prometheus_client import Counter

from survey.foundation.server.metrics import process_registry
from survey.foundation.vocabulary import CHANNELS
from survey.responses.submission import Receipt, Submission

ANSWERS = Counter(
    "hai_long_answers",
    "Answers handed to the door, by channel and outcome (stored, duplicate, conflict, invalid)",
    ["channel", "status"],
    registry=process_registry,
)


def count_answers(submissions: Sequence[Submission], receipts: Sequence[Receipt]) -> None:
    """Count what was just committed; a channel that does not exist counts as ``other``."""
    outcomes = Counts((given.channel, receipt.status) for given, receipt in zip(submissions, receipts, strict=True))
    for (channel, status), count in outcomes.items():
        ANSWERS.labels(channel if channel in CHANNELS else "other", status).inc(count)
