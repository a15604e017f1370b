"""What the pages of agencies, services and counters read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from survey.accounts.models import RoleGrant, User
from survey.accounts.permissions import ACTIONS, Action
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.registry.models import (
    Agency,
    AgencySuccession,
    Caseload,
    CaseloadConfirmation,
    Counter,
    Service,
    counter_services,
)
from survey.responses.models import NO_SERVICE, Tally

CASELOAD_KEEPERS = sorted(role for role, actions in ACTIONS.items() if Action.MANAGE_CASELOADS in actions)


def fetch_agencies(province_id: int, ids: Collection[int] | None = None) -> list[Agency]:
    """The agencies of a province; `ids` narrows them."""
    query = select(Agency).where(Agency.province_id == province_id)
    if ids is not None:
        query = query.where(Agency.id.in_(ids))
    return list(db.session.scalars(query))


def fetch_successors(agency_ids: Sequence[int]) -> list[tuple[int, Agency]]:
    """(predecessor id, successor) of these agencies."""
    query = (
        select(AgencySuccession.predecessor_id, Agency)
        .join(Agency, Agency.id == AgencySuccession.successor_id)
        .where(AgencySuccession.predecessor_id.in_(agency_ids))
    )
    pairs = [(predecessor_id, successor) for predecessor_id, successor in db.session.execute(query)]
    return in_order(pairs, lambda pair: (pair[1].name,))


def fetch_successions_of(agency_id: int) -> tuple[list[AgencySuccession], dict[int, Agency]]:
    """Every succession in which an agency gives or takes, and the agencies they name, by id."""
    links = list(
        db.session.scalars(
            select(AgencySuccession)
            .where(or_(AgencySuccession.predecessor_id == agency_id, AgencySuccession.successor_id == agency_id))
            .order_by(AgencySuccession.effective_on)
        )
    )
    ids = {id_ for link in links for id_ in (link.predecessor_id, link.successor_id)}
    return links, {agency.id: agency for agency in db.session.scalars(select(Agency).where(Agency.id.in_(ids)))}


def fetch_agency_names(province_id: int, besides: Collection[str] = ()) -> dict[str, str]:
    """Name by code of every agency of a province, ended ones too, and of those of `besides` that stand elsewhere."""
    query = select(Agency.code, Agency.name).where(or_(Agency.province_id == province_id, Agency.code.in_(besides)))
    return dict(in_order([(code, name) for code, name in db.session.execute(query)], lambda pair: (pair[1],)))


def fetch_counters(agency_id: int) -> list[Counter]:
    """An agency's counters with their services."""
    query = select(Counter).where(Counter.agency_id == agency_id).options(selectinload(Counter.services))
    return in_order(db.session.scalars(query), lambda counter: (counter.name, counter.code))


def fetch_counter(agency_id: int, code: str) -> Counter | None:
    """One counter of an agency."""
    query = select(Counter).where(Counter.agency_id == agency_id, Counter.code == code)
    counter: Counter | None = db.session.scalar(query.options(joinedload(Counter.agency)))
    return counter


def fetch_agency_of_counter(code: str) -> Agency | None:
    """The agency of the counter with a code."""
    query = select(Agency).join(Counter, Counter.agency_id == Agency.id).where(Counter.code == code)
    agency: Agency | None = db.session.scalar(query)
    return agency


def fetch_agencies_serving(service_id: int, province_id: int, ids: Collection[int] | None) -> list[Agency]:
    """The agencies of a province known to serve a service, in the order of their names; `ids` narrows them."""
    named = (
        select(Counter.agency_id)
        .join(counter_services, counter_services.c.counter_id == Counter.id)
        .where(counter_services.c.service_id == service_id)
    )
    counted = select(Caseload.agency_id).where(Caseload.service_id == service_id)
    rated = select(Tally.agency_id).where(Tally.service_id == service_id)
    query = select(Agency).where(Agency.province_id == province_id, Agency.id.in_(named.union(counted, rated)))
    if ids is not None:
        query = query.where(Agency.id.in_(ids))
    return in_order(db.session.scalars(query), lambda agency: (agency.name, agency.code))


def fetch_services(sectors: Collection[str] | None = None) -> list[Service]:
    """Every service (of these sectors)."""
    query = select(Service)
    services = db.session.scalars(query if sectors is None else query.where(Service.sector.in_(sectors)))
    return in_order(services, lambda service: (service.sector, service.field or "", service.name))


def fetch_service(code: str) -> Service | None:
    """The service of a code."""
    service: Service | None = db.session.scalar(select(Service).where(Service.code == code))
    return service


def fetch_service_ids_of(agency_id: int) -> set[int]:
    """Services an agency is known to serve: named at its counters, in its caseloads, or by its citizens."""
    named = (
        select(counter_services.c.service_id)
        .join(Counter, Counter.id == counter_services.c.counter_id)
        .where(Counter.agency_id == agency_id)
    )
    counted = select(Caseload.service_id).where(Caseload.agency_id == agency_id)
    rated = select(Tally.service_id).where(Tally.agency_id == agency_id, Tally.service_id != NO_SERVICE)
    return set(db.session.scalars(named.union(counted, rated)))


def fetch_month(agency_id: int, month: str) -> list[Caseload]:
    """The caseloads of an agency's month."""
    return list(db.session.scalars(select(Caseload).where(Caseload.agency_id == agency_id, Caseload.month == month)))


def fetch_caseloads(province_id: int, months: Collection[str]) -> list[Caseload]:
    """The caseloads of a province's months."""
    query = select(Caseload).join(Agency, Agency.id == Caseload.agency_id)
    return list(db.session.scalars(query.where(Agency.province_id == province_id, Caseload.month.in_(months))))


def fetch_confirmations(province_id: int, months: Collection[str]) -> list[CaseloadConfirmation]:
    """What was confirmed of a province's months, whether or not the caseloads are still the same."""
    query = select(CaseloadConfirmation).join(Agency, Agency.id == CaseloadConfirmation.agency_id)
    wanted = query.where(Agency.province_id == province_id, CaseloadConfirmation.month.in_(months))
    return list(db.session.scalars(wanted))


def fetch_service_sectors(session: Session) -> dict[int, str]:
    """The sector of every service, by its id."""
    return {row.id: row.sector for row in session.execute(select(Service.id, Service.sector))}


def fetch_caseload_addresses(
    session: Session, province_id: int, agency_ids: Collection[int]
) -> dict[int | None, list[str]]:
    """The mail addresses of those who keep the caseloads of these agencies themselves, by agency."""
    query = (
        select(RoleGrant.agency_id, User.email)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.province_id == province_id, RoleGrant.agency_id.in_(agency_ids))
        .where(RoleGrant.role.in_(CASELOAD_KEEPERS), User.active, User.email != "")
        .order_by(User.email)
        .distinct()
    )
    addresses: dict[int | None, list[str]] = {}
    for agency_id, address in session.execute(query):
        addresses.setdefault(agency_id, []).append(address)
    return addresses


def fetch_names_by_code(model: type[Agency] | type[Service] | type[Counter], codes: Collection[str]) -> dict[str, str]:
    """Names of agencies, services or counters, with their codes, by code."""
    rows = db.session.execute(select(model.code, model.name).where(model.code.in_(codes)))
    return {code: f"{name} ({code})" for code, name in rows}
