"""The services of an agency: what was last published of each there, and of the same service in the whole province."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from analysis.periods.models import Closing
from analysis.presentation.charts.axis import axis_from
from analysis.results.publication.services_of_agencies import TABLE, agency_and_service, name_of
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import sort_key
from survey.foundation.vocabulary import SUBJECTS_OF_SECTOR
from survey.questionnaires.counter_services import ServicePoint, services_at
from survey.registry.models import Agency


@dataclass(frozen=True)
class PublishedRow:
    """A row with the subject and the period it was published for."""

    subject: str
    period: Period
    row: dict[str, Any]


@dataclass(frozen=True)
class ServiceLine:
    """A service; `here` and `everywhere`: what was last published of it, None where nothing is shown."""

    name: str
    here: PublishedRow | None
    everywhere: PublishedRow | None


def services_of_agency(agency: Agency, closings: Iterable[Closing]) -> list[ServiceLine]:
    """What is served there, in order of field and name, then what was published and is served no more.

    `closings`: the latest first.
    """
    point = ServicePoint(0, agency.id, agency.kind, agency.parent_id)
    oldest_first = list(closings)[::-1]
    here, everywhere = _last_of(oldest_first, TABLE), _last_of(oldest_first, "service")
    names = {service.code: service.name for service in services_at(db.session(), [point])[0]}
    past = {
        service: published.row["label"]
        for domain, published in here.items()
        for of_agency, service in [agency_and_service(domain)]
        if of_agency == agency.code and service not in names
    }
    names |= dict(sorted(past.items(), key=lambda item: sort_key(item[1])))
    return [
        ServiceLine(name, here.get(name_of(agency.code, code)), everywhere.get(code)) for code, name in names.items()
    ]


def bars_from(services: Iterable[ServiceLine]) -> float:
    """Where the axis that the bars of all services share begins."""
    rows = [line.here.row for line in services if line.here is not None]
    return axis_from(row["interval_90"]["low"] for row in rows if row["interval_90"])


def _last_of(closings: Iterable[Closing], table: str) -> dict[str, PublishedRow]:
    return {published.row["domain"]: published for closing in closings for published in _shown(closing, table)}


def _shown(closing: Closing, table: str) -> Iterator[PublishedRow]:
    subjects = (closing.figures or {}).get("subjects", {})
    for subject in (subject_code for some in SUBJECTS_OF_SECTOR.values() for subject_code in reversed(some)):
        for row in subjects.get(subject, {}).get("by", {}).get(table, []):
            if row["estimate"] is not None:
                yield PublishedRow(subject, Period.parse(closing.period), row)
