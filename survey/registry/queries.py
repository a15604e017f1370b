"""What the rest of the product reads of agencies and caseloads: SQL only, no judgement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.registry.boundaries import AgencyFate, Lifetime, standings
from survey.registry.missing_caseloads import Cell
from survey.registry.models import Agency, AgencySuccession, Caseload, Counter, Province, Service


@dataclass(frozen=True, slots=True)
class CaseloadRow:
    """The caseload of one agency x service x month x respondent kind ('' where kinds are not told apart).

    `unit` is dossier, visit (flows) or pupil (a stock); `count` is a whole number, 0 or more.
    """

    agency_id: int
    service_id: int
    month: str
    respondent_kind: str
    unit: str
    count: int


def fetch_caseloads(
    province_id: int, months: Sequence[str], agency_ids: Collection[int] | None = None
) -> list[CaseloadRow]:
    """Every caseload of a province's agencies (None: all) in the given months (``YYYY-MM``), in a fixed order."""
    if not months:
        return []
    query = (
        select(
            Caseload.agency_id,
            Caseload.service_id,
            Caseload.month,
            Caseload.respondent_kind,
            Caseload.unit,
            Caseload.count,
        )
        .join(Agency, Agency.id == Caseload.agency_id)
        .where(Agency.province_id == province_id, Caseload.month.in_(sorted(set(months))))
        .order_by(Caseload.agency_id, Caseload.service_id, Caseload.month, Caseload.respondent_kind)
    )
    if agency_ids is not None:
        query = query.where(Caseload.agency_id.in_(sorted(agency_ids)))
    return [CaseloadRow(*row) for row in db.session.execute(query)]


def fetch_handling(
    province_id: int, months: Sequence[str], service_ids: Collection[int], kinds: Collection[str] | None
) -> set[int]:
    """Agencies that handled something for these respondent kinds (None: all) of one service in half of the months."""
    query = (
        select(Caseload.agency_id)
        .join(Agency, Agency.id == Caseload.agency_id)
        .where(
            Agency.province_id == province_id,
            Caseload.month.in_(sorted(set(months))),
            Caseload.service_id.in_(sorted(service_ids)),
            Caseload.count > 0,
        )
        .group_by(Caseload.agency_id, Caseload.service_id)
        .having(2 * func.count(Caseload.month.distinct()) >= len(months))
    )
    if kinds is not None:
        query = query.where(Caseload.respondent_kind.in_(sorted(kinds)))
    return set(db.session.scalars(query))


def fetch_lifetimes(province_id: int | None = None) -> dict[int, Lifetime]:
    """First and last day of every agency (of a province), by id."""
    query = select(Agency.id, Agency.valid_from, Agency.valid_to)
    if province_id is not None:
        query = query.where(Agency.province_id == province_id)
    return {id_: Lifetime(valid_from, valid_to) for id_, valid_from, valid_to in db.session.execute(query)}


def fetch_successions() -> list[tuple[int, int]]:
    """Every (predecessor id, successor id); a successor may lie in another province."""
    query = select(AgencySuccession.predecessor_id, AgencySuccession.successor_id)
    return [(predecessor, successor) for predecessor, successor in db.session.execute(query)]


def fetch_standings(province_id: int, day: dt.date) -> dict[int, AgencyFate]:
    """What became of each agency of a province by `day` (see boundaries.py)."""
    everywhere = standings(fetch_lifetimes(), fetch_successions(), day)
    return {agency_id: everywhere[agency_id] for agency_id in fetch_lifetimes(province_id)}


def fetch_sent(province_id: int, months: Sequence[str]) -> set[Cell]:
    """Agency x service x month with a caseload."""
    query = (
        select(Caseload.agency_id, Caseload.service_id, Caseload.month)
        .join(Agency, Agency.id == Caseload.agency_id)
        .where(Agency.province_id == province_id, Caseload.month.in_(months))
        .distinct()
    )
    return {(agency_id, service_id, month) for agency_id, service_id, month in db.session.execute(query)}


def find_province(key: str) -> Province | None:
    """The province of a key; None where there is none."""
    province: Province | None = db.session.scalar(select(Province).where(Province.key == key))
    return province


def fetch_province_keys() -> list[str]:
    """Every province's key, in alphabetical order."""
    return list(db.session.scalars(select(Province.key).order_by(Province.key)))


def fetch_province_ids() -> dict[str, int]:
    """The id of every province, by key."""
    return {key: id_ for id_, key in db.session.execute(select(Province.id, Province.key))}


def fetch_agency_places() -> dict[str, tuple[int, int]]:
    """(id, province id) of every agency, by code."""
    query = select(Agency.code, Agency.id, Agency.province_id)
    return {code: (id_, province_id) for code, id_, province_id in db.session.execute(query)}


def fetch_provinces(ids: Collection[int]) -> list[Province]:
    """Some provinces, in the order of their names."""
    provinces = db.session.scalars(select(Province).where(Province.id.in_(ids)))
    return in_order(provinces, lambda province: (province.name,))


def find_agency(code: str, province_id: int | None = None) -> Agency | None:
    """The agency of a code, if it lies in the province asked for; None where there is none."""
    query = select(Agency).where(Agency.code == code)
    if province_id is not None:
        query = query.where(Agency.province_id == province_id)
    agency: Agency | None = db.session.scalar(query)
    return agency


def fetch_agencies_by_code(province_id: int) -> dict[str, Agency]:
    """Every agency of a province, former ones too, by its code."""
    rows = db.session.scalars(select(Agency).where(Agency.province_id == province_id))
    return {agency.code: agency for agency in rows}


def fetch_caseload_records(session: Session, agency_id: int, month: str) -> list[Caseload]:
    """The stored caseloads of an agency's month, in a fixed order."""
    query = select(Caseload).where(Caseload.agency_id == agency_id, Caseload.month == month)
    return list(session.scalars(query.order_by(Caseload.service_id, Caseload.respondent_kind)))


def delete_caseloads(session: Session, ids: Collection[int]) -> None:
    """Remove caseloads that were emptied."""
    session.execute(delete(Caseload).where(Caseload.id.in_(ids)))


def count_agencies(province_id: int) -> int:
    """How many agencies a province has ever had."""
    return db.session.scalar(select(func.count(Agency.id)).where(Agency.province_id == province_id)) or 0


def count_services(_province_id: int = 0) -> int:
    """How many services there are; all provinces share them."""
    return db.session.scalar(select(func.count(Service.id))) or 0


def count_counters(province_id: int) -> int:
    """How many counters the agencies of a province have."""
    query = select(func.count(Counter.id)).join(Agency, Agency.id == Counter.agency_id)
    return db.session.scalar(query.where(Agency.province_id == province_id)) or 0


def count_caseloads(province_id: int) -> int:
    """How many rows of caseloads the agencies of a province have."""
    query = select(func.count(Caseload.id)).join(Agency, Agency.id == Caseload.agency_id)
    return db.session.scalar(query.where(Agency.province_id == province_id)) or 0
