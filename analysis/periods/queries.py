"""Closings as stored: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.periods.models import Closing
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.registry.models import Province


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


def fetch_published_revisions(province_id: int) -> list[Closing]:
    """Everything a province ever published, of each period the oldest revision first."""
    query = select(Closing).where(Closing.province_id == province_id, Closing.published_at.is_not(None))
    return list(db.session.scalars(query.order_by(Closing.period, Closing.revision)))


def fetch_published_ids(session: Session, province_id: int) -> tuple[int, ...]:
    """Everything a province ever published, by id, as a transaction sees it."""
    query = select(Closing.id).where(Closing.province_id == province_id, Closing.published_at.is_not(None))
    return tuple(session.scalars(query.order_by(Closing.id)))


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
    return in_order(db.session.scalars(select(Province)), lambda province: (province.name,))


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


def fetch_closing_names(ids: Collection[str]) -> dict[str, str]:
    """Period and revision of closings, by their number as text."""
    known = [int(id_) for id_ in ids if id_.isdigit()]
    rows = db.session.execute(select(Closing.id, Closing.period, Closing.revision).where(Closing.id.in_(known)))
    return {
        str(id_): str(_("%(period)s, bản %(n)s", period=Period.parse(period).label(), n=revision))
        for id_, period, revision in rows
    }


def fetch_closed_periods(session: Session) -> list[tuple[int, str]]:
    """(province id, period) of every closing, each once."""
    rows = session.execute(select(Closing.province_id, Closing.period).distinct().order_by(Closing.period))
    return [(province_id, period) for province_id, period in rows]
