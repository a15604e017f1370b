"""Registers a measure."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from analysis.measures.models import Measure
from survey.foundation.clock import now
from survey.foundation.database import writing
from survey.staff import audit


@dataclass(frozen=True, kw_only=True)
class NewMeasure:
    """What is registered; the caller has asked for the permission."""

    province_id: int
    sector: str
    agency_id: int
    service_id: int | None
    what: str
    who: str
    starts_on: dt.date


def register_measure(new: NewMeasure, user_id: int) -> int:
    """Store it with its trace; returns its id."""
    fields = asdict(new)
    with writing() as session:
        measure = Measure(**fields, registered_at=now(), registered_by_id=user_id)
        session.add(measure)
        session.flush()
        after = fields | {"starts_on": new.starts_on.isoformat()}
        audit.record(
            session,
            "register_measure",
            "measure",
            measure.id,
            province_id=new.province_id,
            after=after,
            user_id=user_id,
        )
        return int(measure.id)
