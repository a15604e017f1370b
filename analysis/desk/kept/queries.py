"""Kept selections: SQL only."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from analysis.desk.kept.models import KeptSelection
from survey.foundation.storage.database import db


def fetch_kept(user_id: int) -> list[KeptSelection]:
    """What somebody keeps."""
    return list(db.session.scalars(select(KeptSelection).filter_by(user_id=user_id)))


def keep(session: Session, user_id: int, name: str, address: str) -> None:
    """Keep a selection; what had the name before makes way."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(KeptSelection).values(user_id=user_id, name=name, address=address)
    session.execute(statement.on_conflict_do_update(index_elements=["user_id", "name"], set_={"address": address}))


def drop(session: Session, user_id: int, name: str) -> None:
    """Keep it no longer."""
    session.execute(delete(KeptSelection).filter_by(user_id=user_id, name=name))
