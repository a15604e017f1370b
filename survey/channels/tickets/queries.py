"""Tickets as stored: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from survey.channels.tickets.models import Ticket
from survey.questionnaires.counter_services import ServicePoint
from survey.registry.models import Agency, Counter, Service


class TicketRow(NamedTuple):
    """A ticket with the codes of its counter and service; `used_mark`: of the answer that was given with it."""

    id: int
    counter: str
    service: str | None
    sector: str | None
    expires_at: dt.datetime
    used_mark: str | None
    voided_at: dt.datetime | None


def fetch_ticket(session: Session, code_digests: Collection[str]) -> TicketRow | None:
    """The ticket of a code, stored as one of these digests."""
    row = session.execute(
        select(Ticket.id, Counter.code, Service.code, Service.sector, *_STATE)
        .join(Counter, Counter.id == Ticket.counter_id)
        .outerjoin(Service, Service.id == Ticket.service_id)
        .where(Ticket.code_digest.in_(code_digests))
    ).first()
    return TicketRow(*row) if row else None


_STATE = (Ticket.expires_at, Ticket.used_mark, Ticket.voided_at)


def claim(session: Session, ticket_id: int, mark: str) -> bool:
    """Use a ticket for a response just stored; False if another response, or who voided it, was faster."""
    free = (Ticket.id == ticket_id) & Ticket.used_mark.is_(None) & Ticket.voided_at.is_(None)
    taken = session.execute(update(Ticket).where(free).values(used_mark=mark))
    return isinstance(taken, CursorResult) and taken.rowcount == 1


def insert_tickets(session: Session, rows: list[dict[str, Any]]) -> None:
    """Store new tickets."""
    session.execute(insert(Ticket), rows)


class TicketBatch(NamedTuple):
    """Codes of a counter and service that end together: how many were made, how many voided; nothing of their use."""

    counter: str
    service: str | None
    expires_at: dt.datetime
    made: int
    voided: int


def fetch_batches(session: Session, counter_code: str | None) -> list[TicketBatch]:
    """What was made, of one counter or of all, the latest to end first."""
    query = (
        select(Counter.code, Service.code, Ticket.expires_at, func.count(), func.count(Ticket.voided_at))
        .join(Counter, Counter.id == Ticket.counter_id)
        .outerjoin(Service, Service.id == Ticket.service_id)
        .group_by(Counter.code, Service.code, Ticket.expires_at)
        .order_by(Ticket.expires_at.desc(), Counter.code, Service.code)
    )
    if counter_code is not None:
        query = query.where(Counter.code == counter_code)
    return [TicketBatch(*row) for row in session.execute(query)]


class HeldTicket(NamedTuple):
    """A ticket that may be voided, by what is stored of its code; `sector`: of its service, None where it has none."""

    code_digest: str
    id: int
    counter: str
    province_id: int
    place: ServicePoint
    sector: str | None
    voided_at: dt.datetime | None


def fetch_held(session: Session, code_digests: Collection[str], counter_id: int | None) -> list[HeldTicket]:
    """The tickets stored under these digests, of one counter or of all."""
    query = (
        select(Ticket.code_digest, Ticket.id, Counter.code, Agency.province_id, Service.sector, Ticket.voided_at)
        .add_columns(Counter.id, Agency.id, Agency.kind, Agency.parent_id)
        .join(Counter, Counter.id == Ticket.counter_id)
        .join(Agency, Agency.id == Counter.agency_id)
        .outerjoin(Service, Service.id == Ticket.service_id)
        .where(Ticket.code_digest.in_(code_digests))
    )
    if counter_id is not None:
        query = query.where(Ticket.counter_id == counter_id)
    return [
        HeldTicket(digest, id_, counter, province_id, ServicePoint(*place), sector, voided_at)
        for digest, id_, counter, province_id, sector, voided_at, *place in session.execute(query)
    ]


def void(session: Session, ticket_ids: Collection[int], at: dt.datetime) -> None:
    """Let tickets bring no answer any more."""
    session.execute(update(Ticket).where(Ticket.id.in_(ticket_ids)).values(voided_at=at))


def fetch_service_id(session: Session, code: str) -> int | None:
    """The id of a service."""
    return session.scalar(select(Service.id).where(Service.code == code))
