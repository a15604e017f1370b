"""The agency tree: who stands below whom."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from survey.foundation.storage.database import db
from survey.registry.models import Agency


def subtree_of(agency_id: int) -> list[int]:
    """The agency itself and every agency below it."""
    top = select(Agency.id).where(Agency.id == agency_id).cte(recursive=True)
    below = top.union_all(select(Agency.id).where(Agency.parent_id == top.c.id))
    return list(db.session.scalars(select(below.c.id)))


def ancestors_of(agency_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Code and name of each agency and of every agency above it, from itself upwards."""
    rows = {
        id_: (parent_id, (code, name))
        for id_, parent_id, code, name in db.session.execute(
            select(Agency.id, Agency.parent_id, Agency.code, Agency.name)
        )
    }
    above: dict[int, list[tuple[str, str]]] = {}
    for agency_id in agency_ids:
        line: list[tuple[str, str]] = []
        current: int | None = agency_id
        while current in rows and rows[current][1] not in line:
            current, named = rows[current]
            line.append(named)
        above[agency_id] = line
    return above
