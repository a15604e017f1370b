"""What was done after citizens' answers: each measure with what was published of its agency before and after.

Only published figures stand here, so that a measure tells nothing that no publication has told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.measures.models import Measure
from analysis.measures.queries import fetch_measures
from analysis.periods.models import Closing
from survey.foundation.clock import today
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS_OF_SECTOR

MOST = 20
KINDS = ("month", "quarter", "half", "year")


@dataclass(frozen=True)
class BeforeAfter:
    """One subject of the agency in two published periods of the same kind."""

    subject: str
    before: tuple[Period, dict[str, Any]]
    after: tuple[Period, dict[str, Any]]


@dataclass(frozen=True)
class MeasureDone:
    """A measure with its agency's figures; `figures` empty: no period before and after is published yet."""

    what: str
    agency: str
    code: str
    service: str | None
    starts_on: dt.date
    ends_on: dt.date | None
    figures: tuple[BeforeAfter, ...]


def measures_done(province_id: int, closings: Sequence[Closing]) -> list[MeasureDone]:
    """The measures begun by today, the latest first, at most 20. `closings`: published, the latest first."""
    return [
        MeasureDone(
            measure.what,
            measure.agency.name,
            measure.agency.code,
            measure.service.name if measure.service else None,
            measure.starts_on,
            measure.ends_on,
            tuple(_before_after(measure, closings)),
        )
        for measure in fetch_measures([province_id], started_by=today())[:MOST]
    ]


def _before_after(measure: Measure, closings: Sequence[Closing]) -> Iterator[BeforeAfter]:
    for subject in SUBJECTS_OF_SECTOR[measure.sector]:
        shown = list(_shown(closings, subject, measure.agency.code))
        for kind in KINDS:
            before = next(
                (entry for entry in shown if entry[0].kind == kind and entry[0].last_day < measure.starts_on), None
            )
            after = next((entry for entry in shown if entry[0].kind == kind and _is_after(entry[0], measure)), None)
            if before is not None and after is not None:
                yield BeforeAfter(subject, before, after)
                break


def _is_after(period: Period, measure: Measure) -> bool:
    return period.first_day >= measure.starts_on and (measure.ends_on is None or period.last_day <= measure.ends_on)


def _shown(closings: Sequence[Closing], subject: str, code: str) -> Iterator[tuple[Period, dict[str, Any]]]:
    for closing in closings:
        entry = (closing.figures or {}).get("subjects", {}).get(subject)
        for row in entry["by"].get("agency", []) if entry else []:
            if row["domain"] == code and row["estimate"] is not None:
                yield Period.parse(closing.period), row
