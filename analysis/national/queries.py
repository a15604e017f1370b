"""Editions as stored: SQL only."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.national.models import CountryEdition
from survey.foundation.periods import Period
from survey.foundation.storage.database import db


def fetch_newest() -> list[CountryEdition]:
    """The latest revision of every period; the period that ends last first, of those the longest."""
    return _newest(db.session.scalars(select(CountryEdition).order_by(CountryEdition.revision)).all())


def fetch_published() -> list[CountryEdition]:
    """The latest published revision of every period, in the same order."""
    query = select(CountryEdition).where(CountryEdition.published_at.is_not(None))
    return _newest(db.session.scalars(query.order_by(CountryEdition.revision)).all())


def fetch_revisions(session: Session, period: str) -> list[CountryEdition]:
    """Every revision of a period, the latest first."""
    query = select(CountryEdition).where(CountryEdition.period == period)
    return list(session.scalars(query.order_by(CountryEdition.revision.desc())))


def lock_edition(session: Session, edition_id: int) -> CountryEdition:
    """One edition, held until the transaction ends."""
    return session.get_one(CountryEdition, edition_id, with_for_update=True)


def _newest(rows: Iterable[CountryEdition]) -> list[CountryEdition]:
    newest = {edition.period: edition for edition in rows}

    def place(edition: CountryEdition) -> tuple[str, int]:
        period = Period.parse(edition.period)
        return period.last, len(period.months)

    return sorted(newest.values(), key=place, reverse=True)
