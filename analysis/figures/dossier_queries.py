"""Dossiers handled and overdue of some months, by the register: SQL only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from analysis.figures.cache import while_caseloads_stand
from analysis.figures.case_queries import CaseScope
from survey.foundation.caching.weighted_lru import WeightedLru
from survey.foundation.storage.database import db
from survey.registry.models import Agency, Caseload, Service


@dataclass(frozen=True)
class Dossiers:
    """How many were handled; how many of them `overdue` by those caseloads that say it, and `unsaid` by the others."""

    handled: int
    overdue: int
    unsaid: int


_KEPT: WeightedLru[Dossiers] = WeightedLru(5000, lambda _: 1)


def fetch_dossiers(scope: CaseScope, months: tuple[str, ...]) -> Dossiers:
    """The dossiers of a scope's agencies and sectors in some months."""
    place = (scope.province_id, scope.sectors, scope.agencies, months)
    kept_in = while_caseloads_stand(place, scope.province_id, months)
    return _KEPT.get_in(kept_in, lambda: _read_dossiers(scope, months))


def _read_dossiers(scope: CaseScope, months: tuple[str, ...]) -> Dossiers:
    unsaid = func.sum(Caseload.count).filter(Caseload.overdue.is_(None))
    query = (
        select(func.sum(Caseload.count), func.sum(Caseload.overdue), unsaid)
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
    handled, overdue, without = (int(count or 0) for count in db.session.execute(query).one())
    return Dossiers(handled, overdue, without)
