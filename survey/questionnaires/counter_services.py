"""What is served at a counter, and therefore what is asked there.

A counter without services of its own serves all of its agency's: those in the agency's caseloads or named at its
other counters. The sector belongs to the service; where no service is known, an administrative agency is asked about
administration, and a public-service unit about what its siblings under the same parent do, if they all do the same.
"""

from __future__ import annotations

from collections import Counter as Count
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey.foundation.text.vietnamese import in_order
from survey.foundation.vocabulary import SECTORS
from survey.registry.models import Agency, Caseload, Counter, Service, counter_services

_SERVICE = (Service.code, Service.name, Service.sector, Service.field)


class ServiceOffered(NamedTuple):
    """A service as shown to citizens."""

    code: str
    name: str
    sector: str
    field: str


class Offer(NamedTuple):
    """The services of a counter and their sectors, the commonest first; no sector means it is not known what to ask."""

    services: tuple[ServiceOffered, ...]
    sectors: tuple[str, ...]

    def services_of(self, sector: str) -> tuple[ServiceOffered, ...]:
        """The services of one sector."""
        return tuple(service for service in self.services if service.sector == sector)


class ServicePoint(NamedTuple):
    """What the question "what is served here?" needs to know of a counter."""

    counter_id: int
    agency_id: int
    agency_kind: str
    parent_id: int | None


def offers_at(session: Session, places: Collection[ServicePoint]) -> dict[int, Offer]:
    """What is served at each of these counters, by counter id; the same few queries for one as for many."""
    services = services_at(session, places)
    doubtful = [place for place in places if not services[place.counter_id] and place.agency_kind != "administrative"]
    by_parent = _sectors_below(session, {place.parent_id for place in doubtful if place.parent_id is not None})
    return {
        place.counter_id: Offer(
            services[place.counter_id],
            _sectors(services[place.counter_id], place, by_parent),
        )
        for place in places
    }


def services_at(session: Session, places: Iterable[ServicePoint]) -> dict[int, tuple[ServiceOffered, ...]]:
    """The services of each counter in order of field and name; empty where none is known."""
    places = list(places)
    own = _of_counters(session, {place.counter_id for place in places})
    others = {place.agency_id for place in places if place.counter_id not in own}
    of_agency = _of_agencies(session, others)
    return {p.counter_id: own.get(p.counter_id) or of_agency.get(p.agency_id, ()) for p in places}


def _sectors(
    services: Sequence[ServiceOffered], place: ServicePoint, by_parent: Mapping[int | None, set[str]]
) -> tuple[str, ...]:
    if services:
        count = Count(service.sector for service in services)
        order = list(SECTORS)
        return tuple(sorted(count, key=lambda sector: (-count[sector], order.index(sector))))
    if place.agency_kind == "administrative":
        return ("administration",)
    siblings = by_parent.get(place.parent_id, set())
    return tuple(siblings) if len(siblings) == 1 else ()


def _sectors_below(session: Session, parents: set[int]) -> dict[int | None, set[str]]:
    if not parents:
        return {}
    children = select(Agency.id, Agency.parent_id).where(
        Agency.parent_id.in_(parents), Agency.kind == "public_service_unit"
    )
    parent_of = {child.id: child.parent_id for child in session.execute(children)}
    sectors: dict[int | None, set[str]] = defaultdict(set)
    for agency_id, services in _of_agencies(session, set(parent_of)).items():
        sectors[parent_of[agency_id]].update(service.sector for service in services)
    return sectors


def _of_agencies(session: Session, agencies: set[int]) -> dict[int, tuple[ServiceOffered, ...]]:
    if not agencies:
        return {}
    in_caseloads = select(Caseload.agency_id, *_SERVICE).join(Service).where(Caseload.agency_id.in_(agencies))
    at_counters = _at_counters(Counter.agency_id).where(Counter.agency_id.in_(agencies))
    return _grouped(session, in_caseloads, at_counters)


def _of_counters(session: Session, counters: set[int]) -> dict[int, tuple[ServiceOffered, ...]]:
    return _grouped(session, _at_counters(Counter.id).where(Counter.id.in_(counters)))


def _at_counters(owner: InstrumentedAttribute[int]) -> Select[*tuple[Any, ...]]:
    joined = select(owner, *_SERVICE).select_from(Counter)
    return joined.join(counter_services, counter_services.c.counter_id == Counter.id).join(
        Service, Service.id == counter_services.c.service_id
    )


def _grouped(session: Session, *queries: Select[*tuple[Any, ...]]) -> dict[int, tuple[ServiceOffered, ...]]:
    service_offeredses_by_key: dict[int, list[ServiceOffered]] = defaultdict(list)
    for row in session.execute(union(*queries)):
        service_offeredses_by_key[row[0]].append(ServiceOffered(*row[1:]))
    known = {service for services in service_offeredses_by_key.values() for service in services}
    ordered = in_order(known, lambda service: (service.field, service.name, service.code))  # once, not once an owner
    places = {service: place for place, service in enumerate(ordered)}
    return {
        owner: tuple(sorted(services, key=places.__getitem__)) for owner, services in service_offeredses_by_key.items()
    }
