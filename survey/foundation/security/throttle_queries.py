"""Counting attempts in one statement each, so that of many at once none goes uncounted: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.foundation.security.throttle_models import Attempts
from survey.foundation.storage.database import db


def count_one(session: Session, key: str, at: dt.datetime, expires_at: dt.datetime) -> int:
    """Count one attempt more and give the new count; a count that has expired begins anew."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    over = Attempts.expires_at <= at
    statement = insert(Attempts).values(key=key, count=1, expires_at=expires_at)
    counted = session.scalar(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((over, 1), else_=Attempts.count + 1),
                "expires_at": case((over, expires_at), else_=Attempts.expires_at),
            },
        ).returning(Attempts.count)
    )
    return counted or 1


def uncount_one(session: Session, key: str) -> None:
    """Take one attempt back."""
    session.execute(update(Attempts).where(Attempts.key == key, Attempts.count > 0).values(count=Attempts.count - 1))


def forget(session: Session, key: str) -> None:
    """Take all attempts back."""
    session.execute(delete(Attempts).where(Attempts.key == key))


def forget_expired(session: Session, at: dt.datetime) -> int:
    """Drop what no longer counts; how many there were."""
    return len(session.scalars(delete(Attempts).where(Attempts.expires_at <= at).returning(Attempts.key)).all())


def fetch_counts(keys: Collection[str], at: dt.datetime) -> dict[str, tuple[int, dt.datetime]]:
    """Count and end of each that still counts."""
    query = select(Attempts.key, Attempts.count, Attempts.expires_at)
    rows = db.session.execute(query.where(Attempts.key.in_(keys), Attempts.expires_at > at))
    return {key: (count, expires_at) for key, count, expires_at in rows}
