"""Closings as stored: SQL only."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.published.models import Closing
from survey.agencies.models import Province
from survey.foundation.database import db


def fetch_latest(session: Session, province_id: int, period: str) -> Closing | None:
    """The latest revision of a period, published or not."""
    return session.scalar(
        select(Closing)
        .where(Closing.province_id == province_id, Closing.period == period)
        .order_by(Closing.revision.desc())
        .limit(1)
    )


def lock_closing(session: Session, closing_id: int) -> Closing:
    """One closing, held until the transaction ends: only one person publishes it."""
    return session.get_one(Closing, closing_id, with_for_update=True)


def fetch_revisions(province_id: int, period: str) -> list[Closing]:
    """Every revision of a period, the latest first."""
    return list(
        db.session.scalars(
            select(Closing)
            .where(Closing.province_id == province_id, Closing.period == period)
            .order_by(Closing.revision.desc())
        )
    )


def fetch_published(province_id: int) -> list[Closing]:
    """The latest published revision of every period of a province; the period that ends last comes first."""
    rows = db.session.scalars(
        select(Closing)
        .where(Closing.province_id == province_id, Closing.published_at.is_not(None))
        .order_by(Closing.revision)
    )
    latest = {closing.period: closing for closing in rows}
    return sorted(latest.values(), key=lambda closing: closing.sort_key, reverse=True)


def fetch_provinces() -> list[Province]:
    """Every province by name."""
    return list(db.session.scalars(select(Province).order_by(Province.name)))


def fetch_publication_states() -> list[tuple[str, int, dt.datetime | None]]:
    """(province, periods published, when last) of every province, by key."""
    query = (
        select(Province.key, func.count(Closing.period.distinct()), func.max(Closing.published_at))
        .outerjoin(Closing, (Closing.province_id == Province.id) & Closing.published_at.is_not(None))
        .group_by(Province.key)
        .order_by(Province.key)
    )
    return [(key, count, published_at) for key, count, published_at in db.session.execute(query)]


def fetch_closings(province_id: int) -> dict[str, Closing]:
    """The latest revision of every period that was ever closed, by period."""
    rows = db.session.scalars(select(Closing).where(Closing.province_id == province_id).order_by(Closing.revision))
    return {closing.period: closing for closing in rows}
