"""Provinces, agencies and services as analysis names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from analysis.queries.snapshot import read_once
from survey.agencies.models import Agency, Province, Service
from survey.foundation.database import db


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
class Register:
    """Agencies and services by id.

    `counted_under`: the agency whose figures include another's, where that is not itself; `split`: agencies divided
    among several, which nothing includes.
    """

    agencies: Mapping[int, AgencyFacts]
    services: Mapping[int, ServiceFacts]
    counted_under: Mapping[int, int] = field(default_factory=dict)
    split: frozenset[int] = frozenset()

    def reported(self, agency_id: int) -> AgencyFacts:
        """The agency in whose figures an answer given at `agency_id` appears."""
        return self.agencies[self.counted_under.get(agency_id, agency_id)]


class UnknownProvince(LookupError):
    """No province has this key; the message lists those there are."""


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


@read_once
def fetch_register(province_id: int) -> Register:
    """Every agency of a province, whenever it existed, and every service."""
    agencies = db.session.execute(
        select(Agency.id, Agency.code, Agency.name, Agency.area, Agency.parent_id).where(
            Agency.province_id == province_id
        )
    )
    services = db.session.execute(select(Service.id, Service.code, Service.name, Service.sector, Service.field))
    return Register(
        {id_: AgencyFacts(code, name, area or "", parent) for id_, code, name, area, parent in agencies},
        {id_: ServiceFacts(code, name, sector, field) for id_, code, name, sector, field in services},
    )
