"""The agency tree: who stands above whom."""

from __future__ import annotations

from sqlalchemy import select

from survey.agencies.models import Agency
from survey.foundation.database import db


def ancestors_of(agency_id: int) -> list[int]:
    """The agency itself and every agency above it, nearest first."""
    step = select(Agency.id, Agency.parent_id).where(Agency.id == agency_id).cte(recursive=True)
    line = step.union_all(select(Agency.id, Agency.parent_id).where(Agency.id == step.c.parent_id))
    return list(db.session.scalars(select(line.c.id)))


def subtree_of(agency_id: int) -> list[int]:
    """The agency itself and every agency below it."""
    top = select(Agency.id).where(Agency.id == agency_id).cte(recursive=True)
    below = top.union_all(select(Agency.id).where(Agency.parent_id == top.c.id))
    return list(db.session.scalars(select(below.c.id)))
