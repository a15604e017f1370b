"""Provinces, agencies and services as analysis names them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlalchemy import select

from survey.foundation.caching.register import current_register
from survey.foundation.caching.transaction_cache import is_writing, read_once
from survey.foundation.caching.weighted_lru import State, WeightedLru
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import sort_key
from survey.registry.models import Agency, Counter, Province, Service


@dataclass(frozen=True)
class AgencyFacts:
    """What breakdowns need of an agency."""

    code: str
    name: str
    area: str
    parent_id: int | None


@dataclass(frozen=True)
class ServiceFacts:
    """What breakdowns need of a service."""

    code: str
    name: str
    sector: str
    field: str


@dataclass(frozen=True)
class CounterFacts:
    """What breakdowns need of a counter."""

    code: str
    name: str
    agency_id: int


@dataclass(frozen=True)
class UnitRegister:
    """Agencies and services by id; counters only where a breakdown asks for them.

    `counted_under`: the agency whose figures include another's, where that is not itself; `split`: agencies divided
    among several, which nothing includes.
    """

    agencies: Mapping[int, AgencyFacts]
    services: Mapping[int, ServiceFacts]
    counted_under: Mapping[int, int] = field(default_factory=dict)
    split: frozenset[int] = frozenset()
    counters: Mapping[int, CounterFacts] = field(default_factory=dict)

    def reported(self, agency_id: int) -> AgencyFacts:
        """The agency in whose figures an answer given at `agency_id` appears."""
        return self.agencies[self.counted_under.get(agency_id, agency_id)]


class AgencyRow(NamedTuple):
    """An agency as it is stored."""

    id: int
    code: str
    name: str
    kind: str
    level: str
    area: str | None
    parent_id: int | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    one_stop_since: dt.date | None
    method_defined_on: dt.date | None


class ServiceRow(NamedTuple):
    """A service as it is stored."""

    id: int
    code: str
    name: str
    sector: str
    field: str


# Rows, of some 300 bytes: those of every province of a country.
_AGENCIES: WeightedLru[list[AgencyRow]] = WeightedLru(30_000, len)
_SERVICES: WeightedLru[list[ServiceRow]] = WeightedLru(30_000, len)
_REGISTERS: WeightedLru[UnitRegister] = WeightedLru(60_000, lambda kept: len(kept.agencies) + len(kept.services))


class UnknownProvince(LookupError):
    """No province has this key; the message lists those there are."""


@read_once
def register_stamp() -> int:
    """Another number after each change of the register."""
    return current_register(db.session()).stamp


@read_once
def fetch_province(key: str) -> Province:
    """The province of a key.

    Raises:
        UnknownProvince: there is none.
    """
    province: Province | None = db.session.scalar(select(Province).where(Province.key == key))
    if province is None:
        keys = ", ".join(db.session.scalars(select(Province.key).order_by(Province.key)))
        raise UnknownProvince(f"Không có tỉnh {key!r}. Các tỉnh: {keys}.")
    return province


def while_registered(place: Hashable) -> State | None:
    """Where to remember what rests on the register alone; nowhere inside a transaction that writes."""
    return None if is_writing() else State(place, register_stamp())


@read_once
def fetch_agencies(province_id: int) -> list[AgencyRow]:
    """Every agency of a province, whenever it existed, by id: one statement for all that a page asks of them."""
    return _AGENCIES.get_in(while_registered(province_id), lambda: _read_agencies(province_id))


def _read_agencies(province_id: int) -> list[AgencyRow]:
    query = select(*(getattr(Agency, name) for name in AgencyRow._fields)).where(Agency.province_id == province_id)
    return [AgencyRow(*row) for row in db.session.execute(query.order_by(Agency.id))]


@read_once
def fetch_services() -> list[ServiceRow]:
    """Every service, by id."""
    return _SERVICES.get_in(while_registered("services"), _read_services)


def _read_services() -> list[ServiceRow]:
    query = select(*(getattr(Service, name) for name in ServiceRow._fields)).order_by(Service.id)
    return [ServiceRow(*row) for row in db.session.execute(query)]


def services_of(sector: str | None) -> list[ServiceRow]:
    """The services of a sector in the order of their names; None: of every sector."""
    services = [service for service in fetch_services() if sector in (None, service.sector)]
    return sorted(services, key=lambda service: sort_key(service.name))


@read_once
def fetch_register(province_id: int) -> UnitRegister:
    """Every agency of a province, whenever it existed, and every service."""
    return _REGISTERS.get_in(while_registered(province_id), lambda: _register_of(province_id))


def _register_of(province_id: int) -> UnitRegister:
    return UnitRegister(
        {
            agency.id: AgencyFacts(agency.code, agency.name, agency.area or "", agency.parent_id)
            for agency in fetch_agencies(province_id)
        },
        {
            service.id: ServiceFacts(service.code, service.name, service.sector, service.field)
            for service in fetch_services()
        },
    )


@read_once
def fetch_counters(province_id: int) -> dict[int, CounterFacts]:
    """Every counter of a province, closed ones too, by id."""
    query = select(Counter.id, Counter.code, Counter.name, Counter.agency_id).join(Agency)
    rows = db.session.execute(query.where(Agency.province_id == province_id).order_by(Counter.id))
    return {id_: CounterFacts(code, name, agency_id) for id_, code, name, agency_id in rows}


def register_for(province_id: int, by: str | None) -> UnitRegister:
    """What a breakdown by `by` names its domains from."""
    register: UnitRegister = fetch_register(province_id)
    return replace(register, counters=fetch_counters(province_id)) if by == "counter" else register


def subtree_in(province_id: int, agency_id: int) -> frozenset[int]:
    """An agency of the province and every agency below it."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for agency in fetch_agencies(province_id):
        children[agency.parent_id].append(agency.id)
    below_or_self, waiting = {agency_id}, [agency_id]
    while waiting:
        below = [id_ for id_ in children[waiting.pop()] if id_ not in below_or_self]
        below_or_self.update(below)
        waiting += below
    return frozenset(below_or_self)
