"""Which months have answers, read from the tallies: SQL only."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from survey.foundation.storage.database import db
from survey.registry.missing_caseloads import Cell
from survey.responses.models import NO_SERVICE, Tally


def fetch_answered(province_id: int, months: Sequence[str]) -> set[Cell]:
    """Agency x service x month with answers; answers without a service are left out."""
    query = (
        select(Tally.agency_id, Tally.service_id, Tally.month)
        .where(Tally.province_id == province_id, Tally.month.in_(months), Tally.service_id != NO_SERVICE)
        .distinct()
    )
    return {(agency_id, service_id, month) for agency_id, service_id, month in db.session.execute(query)}
