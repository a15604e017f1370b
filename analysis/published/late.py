"""What a closed period does not hold: answers that kiosks, or files, brought after it was closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from analysis.published.queries import fetch_closings
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.responses.late_queries import count_late


@dataclass(frozen=True)
class LateAnswers:
    """A closed period, when it was last closed, and how many of its answers were received since."""

    period: Period
    closed_at: dt.datetime
    answers: int


def sectors_of(subject: str) -> frozenset[str]:
    """The sectors whose answers rate a subject."""
    sector = SECTOR_OF_SUBJECT[subject]
    return frozenset({"health", "education"}) if sector is None else frozenset({sector})


def late_answers(
    province_id: int,
    period: Period,
    *,
    sectors: Collection[str] | None = None,
    agency_ids: Collection[int] | None = None,
) -> tuple[LateAnswers, ...]:
    """Of the period itself, if it was closed, and of the closed ones inside it that answers came late for; by time."""
    found = []
    for code, closing in fetch_closings(province_id).items():
        closed = Period.parse(code)
        if not period.first <= closed.first <= closed.last <= period.last:
            continue
        answers = count_late(province_id, closed.months, closing.closed_at, sectors=sectors, agency_ids=agency_ids)
        if answers or closed == period:
            found.append(LateAnswers(closed, closing.closed_at, answers))
    return tuple(sorted(found, key=lambda late: (late.period.last, len(late.period.months))))
