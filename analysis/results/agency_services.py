"""The services of an agency beside what was last published of each in the whole province.

An agency's own share of a service is published nowhere, so that no small cell can be found out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from analysis.periods.models import Closing
from survey.foundation.database import db
from survey.foundation.periods import Period
from survey.foundation.vocabulary import SUBJECTS_OF_SECTOR
from survey.questionnaires.counter_services import ServicePoint, services_at
from survey.registry.models import Agency


@dataclass(frozen=True)
class ServiceLine:
    """A service; `period` and `row` as last published for the whole province, None where nothing is shown."""

    name: str
    period: Period | None
    subject: str | None
    row: dict[str, Any] | None


def services_of_agency(agency: Agency, closings: Iterable[Closing]) -> list[ServiceLine]:
    """What is served there, in order of field and name. `closings`: the latest first."""
    point = ServicePoint(0, agency.id, agency.kind, agency.parent_id)
    offered = services_at(db.session(), [point])[0]
    shown = {
        row["domain"]: (Period.parse(closing.period), subject, row)
        for closing in reversed(list(closings))
        for subject, row in _rows(closing)
    }
    return [ServiceLine(service.name, *shown.get(service.code, (None, None, None))) for service in offered]


def _rows(closing: Closing) -> Iterable[tuple[str, dict[str, Any]]]:
    subjects = (closing.figures or {}).get("subjects", {})
    for subject in (subject_code for some in SUBJECTS_OF_SECTOR.values() for subject_code in reversed(some)):
        for row in subjects.get(subject, {}).get("by", {}).get("service", []):
            if row["estimate"] is not None:
                yield subject, row
