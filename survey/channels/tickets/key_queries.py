"""Access keys as stored: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from survey.channels.tickets.models import TicketKey


def add_key(session: Session, key: TicketKey) -> None:
    """Store one."""
    session.add(key)


def fetch_keys(session: Session, agency_id: int, sector: str | None) -> Sequence[TicketKey]:
    """An agency's keys, those still good first, the newest first; `sector`: of this one alone."""
    query = select(TicketKey).where(*_within(agency_id, sector))
    return session.scalars(query.order_by(TicketKey.revoked_at.is_not(None), TicketKey.id.desc())).all()


def find_key(session: Session, key_digest: str) -> TicketKey | None:
    """The key of a digest, unless it was revoked."""
    good = TicketKey.revoked_at.is_(None)
    return session.scalar(select(TicketKey).where(TicketKey.key_digest == key_digest, good))


def lock_key(session: Session, agency_id: int, sector: str | None, key_id: int) -> TicketKey | None:
    """One of an agency's keys, locked; `sector`: of this one alone."""
    query = select(TicketKey).where(TicketKey.id == key_id, *_within(agency_id, sector))
    return session.scalar(query.with_for_update())


def mark_used(session: Session, key_id: int, day: dt.date) -> None:
    """Keep the day on which a key was used last."""
    session.execute(update(TicketKey).where(TicketKey.id == key_id).values(used_on=day))


def _within(agency_id: int, sector: str | None) -> list[ColumnElement[bool]]:
    of_sector = [] if sector is None else [TicketKey.sector == sector]
    return [TicketKey.agency_id == agency_id, *of_sector]
