"""Which questionnaires are asked at a counter on a day: the sector's short form, or what was put in its place.

A use that names the counter goes before one that names its agency, that before one that only names the service, that
before one for the whole province; of two alike the one that began last. So outpatients answer one form here and
inpatients another there, and a wave asks for a while.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from survey.questionnaires.counter_services import Offer, ServiceOffered, ServicePoint
from survey.questionnaires.use_queries import fetch_provinces_of, fetch_published, fetch_uses_in
from survey.questionnaires.versions import VersionName


class AskedForm(NamedTuple):
    """A version asked at a counter, and of the counter's services those it is asked about; none: not known which."""

    sector: str
    title: str
    version: VersionName
    services: tuple[ServiceOffered, ...]


class FormAssignment(NamedTuple):
    """Where, about what and when a questionnaire is asked; ids None: everywhere."""

    province_id: int
    counter_id: int | None
    agency_id: int | None
    since: dt.date
    until: dt.date | None
    id: int
    key: str
    service: str | None

    @property
    def rank(self) -> tuple[bool, bool, bool, dt.date, int]:
        """The higher goes first."""
        named = (self.counter_id is not None, self.agency_id is not None, self.service is not None)
        return (*named, self.since, self.id)

    def concerns(self, place: ServicePoint, province_id: int) -> bool:
        """Whether it is about a counter."""
        return (
            self.province_id == province_id
            and self.counter_id in (None, place.counter_id)
            and self.agency_id in (None, place.agency_id)
        )

    def speaks_for(self, service: ServiceOffered | None, day: dt.date) -> bool:
        """Whether it says what is asked about a service (None: which is not known) on a day."""
        is_about = self.service is None or (service is not None and service.code == self.service)
        return is_about and self.since <= day and (self.until is None or day <= self.until)


class Forms(NamedTuple):
    """All that decides what a counter asks, on any day: uses, and each questionnaire's sector, title and version."""

    uses: tuple[FormAssignment, ...]
    published: Mapping[str, tuple[str, str, VersionName]]


def forms_at(session: Session, places: Collection[ServicePoint]) -> dict[int, Forms]:
    """What decides which questionnaires are asked at each counter, by its id; the same queries for one as for many."""
    province_of = fetch_provinces_of(session, {place.agency_id for place in places})
    published = fetch_published(session)
    uses = [FormAssignment(*row) for row in fetch_uses_in(session, set(province_of.values()))]
    return {
        place.counter_id: Forms(
            tuple(use for use in uses if use.concerns(place, province_of[place.agency_id])), published
        )
        for place in places
    }


def asked_on(forms: Forms, offer: Offer, day: dt.date) -> tuple[AskedForm, ...]:
    """The questionnaires asked on a day: by sector, the commonest first, and within it by how many services."""
    return tuple(form for sector in offer.sectors for form in _of_sector(forms, sector, offer.services_of(sector), day))


def _of_sector(forms: Forms, sector: str, services: Sequence[ServiceOffered], day: dt.date) -> list[AskedForm]:
    own = [use for use in forms.uses if forms.published.get(use.key, ("",))[0] == sector]
    asked_about: dict[str, list[ServiceOffered]] = defaultdict(list)
    for service in services or (None,):
        key = _key(own, sector, service, day)
        asked_about[key].extend(() if service is None else (service,))
    ordered = sorted(asked_about, key=lambda key: (-len(asked_about[key]), key != sector, key))
    return [AskedForm(*forms.published[key], tuple(asked_about[key])) for key in ordered if key in forms.published]


def _key(uses: Iterable[FormAssignment], sector: str, service: ServiceOffered | None, day: dt.date) -> str:
    """The key of what is asked about a service; the short form bears its sector's name."""
    valid = [use for use in uses if use.speaks_for(service, day)]
    return max(valid, key=lambda use: use.rank).key if valid else sector
