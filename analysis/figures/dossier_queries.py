"""Dossiers handled and overdue of some months, by the register: SQL only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from analysis.figures.case_queries import CaseScope
from survey.foundation.database import db
from survey.registry.models import Agency, Caseload, Service


@dataclass(frozen=True)
class Dossiers:
    """How many were handled and, where every caseload says it, how many of them late; else `overdue` is None."""

    handled: int
    overdue: int | None


def fetch_dossiers(scope: CaseScope, months: tuple[str, ...]) -> Dossiers:
    """The dossiers of a scope's agencies and sectors in some months."""
    unsaid = func.count().filter(Caseload.overdue.is_(None))
    query = (
        select(func.coalesce(func.sum(Caseload.count), 0), func.coalesce(func.sum(Caseload.overdue), 0), unsaid)
        .join(Agency, Agency.id == Caseload.agency_id)
        .join(Service, Service.id == Caseload.service_id)
        .where(
            Agency.province_id == scope.province_id,
            Caseload.month.in_(months),
            Service.sector.in_(scope.sectors),
            Caseload.count > 0,
        )
    )
    if scope.agencies is not None:
        query = query.where(Caseload.agency_id.in_(scope.agencies))
    handled, overdue, without = db.session.execute(query).one()
    return Dossiers(int(handled or 0), None if without else int(overdue or 0))
