"""What a closed period does not hold: answers that kiosks, or files, brought after it was closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from analysis.periods.closings import fetch_closing_instants
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SECTOR_OF_SUBJECT
from survey.responses.late_queries import Closed, count_late_of_each


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
    closed = {
        inside: Closed(inside.months, closed_at)
        for code, closed_at in fetch_closing_instants(province_id).items()
        if period.first <= (inside := Period.parse(code)).first <= inside.last <= period.last
    }
    counts = count_late_of_each(province_id, closed, sectors=sectors, agency_ids=agency_ids)
    late_of = [
        LateAnswers(code, closed[code].closed_at, answers)
        for code, answers in counts.items()
        if answers or code == period
    ]
    return tuple(sorted(late_of, key=lambda late: (late.period.last, len(late.period.months))))
