"""Tickets as stored: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from survey.channels.tickets.models import Ticket
from survey.registry.models import Counter, Service


class TicketRow(NamedTuple):
    """A ticket with the codes of its counter and service; `used_mark`: of the answer that was given with it."""

    id: int
    counter: str
    service: str | None
    sector: str | None
    expires_at: dt.datetime
    used_mark: str | None


def fetch_ticket(session: Session, code_digests: Collection[str]) -> TicketRow | None:
    """The ticket of a code, stored as one of these digests."""
    row = session.execute(
        select(Ticket.id, Counter.code, Service.code, Service.sector, Ticket.expires_at, Ticket.used_mark)
        .join(Counter, Counter.id == Ticket.counter_id)
        .outerjoin(Service, Service.id == Ticket.service_id)
        .where(Ticket.code_digest.in_(code_digests))
    ).first()
    return TicketRow(*row) if row else None


def claim(session: Session, ticket_id: int, mark: str) -> bool:
    """Use a ticket for a response just stored; False if another response was faster."""
    taken = session.execute(
        update(Ticket).where(Ticket.id == ticket_id, Ticket.used_mark.is_(None)).values(used_mark=mark)
    )
    return isinstance(taken, CursorResult) and taken.rowcount == 1


def insert_tickets(session: Session, rows: list[dict[str, Any]]) -> None:
    """Store new tickets."""
    session.execute(insert(Ticket), rows)


def fetch_service_id(session: Session, code: str) -> int | None:
    """The id of a service."""
    return session.scalar(select(Service.id).where(Service.code == code))
