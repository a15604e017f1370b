"""Targets as stored: SQL only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, joinedload

from analysis.targets.models import Target
from survey.foundation.caching.transaction_cache import read_once
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.registry.models import Agency, Province


@read_once
def fetch_targets(province_id: int | None = None) -> list[Target]:
    """Targets by province and code; of one province if given."""
    query = select(Target).options(joinedload(Target.agency)).order_by(Target.province_id, Target.id)
    return list(db.session.scalars(query if province_id is None else query.where(Target.province_id == province_id)))


def fetch_target(target_id: int) -> Target | None:
    """One target with its province and agency."""
    query = select(Target).where(Target.id == target_id)
    target: Target | None = db.session.scalar(query.options(joinedload(Target.province), joinedload(Target.agency)))
    return target


def fetch_rows(session: Session) -> list[tuple[Target, str, str | None]]:
    """Every target with its province's key and its agency's code."""
    query = select(Target, Province.key, Agency.code).join(Province, Province.id == Target.province_id)
    rows = session.execute(query.outerjoin(Agency, Agency.id == Target.agency_id))
    return [(target, province, agency) for target, province, agency in rows]


def fetch_places(session: Session) -> tuple[dict[str, int], dict[str, tuple[int, str]]]:
    """Ids of provinces by key; ids of agencies with their province's key, by code."""
    provinces = {key: id_ for id_, key in session.execute(select(Province.id, Province.key))}
    query = select(Agency.code, Agency.id, Province.key).join(Province, Province.id == Agency.province_id)
    return provinces, {code: (id_, key) for code, id_, key in session.execute(query)}


def insert_target(session: Session, values: dict[str, Any]) -> None:
    """Store a new target."""
    session.execute(insert(Target).values(values))


def update_target(session: Session, target_id: int, values: dict[str, Any]) -> None:
    """Change a stored target."""
    session.execute(update(Target).where(Target.id == target_id).values(values))


def fetch_names(province_id: int, agency_ids: Sequence[int] | None) -> dict[str, str]:
    """Names of a province's agencies by code, in the order of names; `agency_ids` narrows them."""
    query = select(Agency.code, Agency.name).where(Agency.province_id == province_id)
    if agency_ids is not None:
        query = query.where(Agency.id.in_(agency_ids))
    return dict(in_order([(code, name) for code, name in db.session.execute(query)], lambda pair: (pair[1],)))
