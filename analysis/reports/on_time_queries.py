"""Dossiers by the register, and how many of them were late: where the caseloads say it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from survey.foundation.database import db
from survey.registry.models import Agency, Caseload, Service


@dataclass(frozen=True)
class OnTimeScope:
    """Caseloads of a province's months and sectors; `agencies` (ids) None: all."""

    province_id: int
    months: tuple[str, ...]
    sectors: tuple[str, ...]
    agencies: frozenset[int] | None = None


@dataclass(frozen=True)
class OnTime:
    """One agency's dossiers handled, and those of them that were `overdue`."""

    code: str
    name: str
    dossiers: int
    overdue: int


def fetch_on_time(scope: OnTimeScope) -> list[OnTime]:
    """Each agency whose caseloads say how many were overdue, by code; caseloads that do not say it are left out."""
    query = (
        select(Agency.code, Agency.name, func.sum(Caseload.count), func.sum(Caseload.overdue))
        .join(Agency, Agency.id == Caseload.agency_id)
        .join(Service, Service.id == Caseload.service_id)
        .where(
            Agency.province_id == scope.province_id,
            Caseload.month.in_(scope.months),
            Service.sector.in_(scope.sectors),
            Caseload.overdue.is_not(None),
            Caseload.count > 0,
        )
        .group_by(Agency.code, Agency.name)
        .order_by(Agency.code)
    )
    if scope.agencies is not None:
        query = query.where(Caseload.agency_id.in_(scope.agencies))
    return [OnTime(code, name, int(count), int(late or 0)) for code, name, count, late in db.session.execute(query)]
