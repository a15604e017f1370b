"""The agency tree: who stands below whom."""

from __future__ import annotations

from sqlalchemy import select

from survey.foundation.database import db
from survey.registry.models import Agency


def subtree_of(agency_id: int) -> list[int]:
    """The agency itself and every agency below it."""
    top = select(Agency.id).where(Agency.id == agency_id).cte(recursive=True)
    below = top.union_all(select(Agency.id).where(Agency.parent_id == top.c.id))
    return list(db.session.scalars(select(below.c.id)))
