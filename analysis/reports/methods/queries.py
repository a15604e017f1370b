"""Editions of methods as stored: SQL only."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from analysis.reports.methods.models import DRAFT, MethodEdition


def fetch_editions(session: Session, province_id: int, sector: str) -> Sequence[MethodEdition]:
    """The published editions of a sector's method, the newest first."""
    edition = MethodEdition
    query = select(edition).where(edition.province_id == province_id, edition.sector == sector)
    return session.scalars(query.where(edition.number != DRAFT).order_by(edition.number.desc())).all()


def find_draft(session: Session, province_id: int, sector: str) -> MethodEdition | None:
    """The draft; see `lock_draft` where one writes."""
    return session.scalar(_draft(province_id, sector))


def lock_draft(session: Session, province_id: int, sector: str) -> MethodEdition | None:
    """The draft, locked."""
    return session.scalar(_draft(province_id, sector).with_for_update())


def _draft(province_id: int, sector: str) -> Select[MethodEdition]:
    return select(MethodEdition).filter_by(province_id=province_id, sector=sector, number=DRAFT)


def lock_edition(session: Session, province_id: int, sector: str, number: int) -> MethodEdition | None:
    """A published edition, locked."""
    edition = MethodEdition
    query = select(edition).where(edition.province_id == province_id, edition.sector == sector)
    return session.scalar(query.where(edition.number == number, edition.number != DRAFT).with_for_update())


def add_edition(session: Session, edition: MethodEdition) -> None:
    """Store one."""
    session.add(edition)
