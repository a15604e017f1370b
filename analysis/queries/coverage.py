"""Counts of units for coverage targets: whom a survey reached, who runs a one-stop shop, who has defined a method."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from survey.agencies.models import Agency
from survey.foundation.database import db
from survey.responses.models import Response


@dataclass(frozen=True)
class UnitCount:
    """`reached` of `units`; `reached_well`: those with 30 responses or more (surveys only)."""

    units: int
    reached: int
    reached_well: int | None = None


def count_units(province_id: int, coverage_of: str, year: int, day: dt.date) -> UnitCount:
    """Units existing on `day` and how many of them count for ``surveyed_units``, ``method_defined`` or ``one_stop``."""
    match coverage_of:
        case "surveyed_units":
            return _count_surveyed(province_id, year, day)
        case "method_defined":
            return _count_since(province_id, None, Agency.method_defined_on, day)
        case _:
            return _count_since(province_id, "administrative", Agency.one_stop_since, day)


def _existing(province_id: int, kind: str | None, day: dt.date) -> list[int]:
    query = select(Agency.id).where(
        Agency.province_id == province_id,
        or_(Agency.valid_from.is_(None), Agency.valid_from <= day),
        or_(Agency.valid_to.is_(None), Agency.valid_to >= day),
    )
    return list(db.session.scalars(query if kind is None else query.where(Agency.kind == kind)))


def _count_since(
    province_id: int, kind: str | None, since: InstrumentedAttribute[dt.date | None], day: dt.date
) -> UnitCount:
    units = _existing(province_id, kind, day)
    reached = db.session.scalar(select(func.count()).select_from(Agency).where(Agency.id.in_(units), since <= day))
    return UnitCount(len(units), reached or 0)


def _count_surveyed(province_id: int, year: int, day: dt.date) -> UnitCount:
    units = _existing(province_id, "public_service_unit", day)
    counts = db.session.execute(
        select(Response.agency_id, func.count())
        .where(
            Response.province_id == province_id,
            Response.month.between(f"{year}-01", f"{year}-12"),
            Response.agency_id.in_(units),
        )
        .group_by(Response.agency_id)
    ).all()
    return UnitCount(len(units), len(counts), sum(count >= 30 for _, count in counts))
