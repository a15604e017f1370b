"""Marks of erased answers: SQL only."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.responses.models import ErasedAnswer, Response


def insert_marks(session: Session, marks: Iterable[str], at: dt.datetime) -> None:
    """Store marks of answers that are erased now."""
    rows = [{"mark": mark, "erased_at": at} for mark in marks]
    session.execute(insert(ErasedAnswer), rows)


def fetch_marks(session: Session, marks: Collection[str]) -> set[str]:
    """Those of some marks that are stored."""
    return set(session.scalars(select(ErasedAnswer.mark).where(ErasedAnswer.mark.in_(marks))))


def is_any_mark(session: Session) -> bool:
    """Whether anything was ever erased by order."""
    return session.execute(select(ErasedAnswer.mark).limit(1)).first() is not None


def fetch_all_ids(session: Session) -> list[uuid.UUID]:
    """Every stored answer."""
    return list(session.scalars(select(Response.id)))
