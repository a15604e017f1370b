"""Reads targets."""

from __future__ import annotations

from sqlalchemy import select

from analysis.targets.models import Target
from survey.foundation.database import db


def fetch_targets(province_id: int | None = None) -> list[Target]:
    """Targets by province and code; of one province if given."""
    query = select(Target).order_by(Target.province_id, Target.id)
    return list(db.session.scalars(query if province_id is None else query.where(Target.province_id == province_id)))
