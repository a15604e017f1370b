"""Dossiers by the register, and how many of them were late: where the caseloads say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from analysis.figures.cache import while_caseloads_stand
from analysis.statistics.counts import share_of
from survey.foundation.caching.weighted_lru import WeightedLru
from survey.foundation.storage.database import db
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
    """Dossiers handled of one agency, service or month (`code`), and those of them that were `overdue`."""

    code: str
    name: str
    dossiers: int
    overdue: int

    @property
    def in_time(self) -> int:
        """Dossiers solved on time."""
        return self.dossiers - self.overdue

    @property
    def share(self) -> float | None:
        """Solved on time, 0 to 1; None without dossiers."""
        return share_of(self.in_time, self.dossiers)


BY = {
    "agency": (Agency.code, Agency.name),
    "service": (Service.code, Service.name),
    "month": (Caseload.month, Caseload.month),
}


_KEPT: WeightedLru[list[OnTime]] = WeightedLru(20_000, len)  # rows, of some 200 bytes


def fetch_on_time(scope: OnTimeScope, by: str = "agency") -> list[OnTime]:
    """Each agency, service or month, by code; caseloads that do not say how many were overdue are left out."""
    kept_in = while_caseloads_stand((scope, by), scope.province_id, scope.months)
    return _KEPT.get_in(kept_in, lambda: _read_on_time(scope, by))


def _read_on_time(scope: OnTimeScope, by: str) -> list[OnTime]:
    code, name = BY[by]
    query = (
        select(code, name, func.sum(Caseload.count), func.sum(Caseload.overdue))
        .join(Agency, Agency.id == Caseload.agency_id)
        .join(Service, Service.id == Caseload.service_id)
        .where(
            Agency.province_id == scope.province_id,
            Caseload.month.in_(scope.months),
            Service.sector.in_(scope.sectors),
            Caseload.overdue.is_not(None),
            Caseload.count > 0,
        )
        .group_by(code, name)
        .order_by(code)
    )
    if scope.agencies is not None:
        query = query.where(Caseload.agency_id.in_(scope.agencies))
    return [OnTime(code, name, int(count), int(late or 0)) for code, name, count, late in db.session.execute(query)]


def summed(rows: Iterable[OnTime]) -> OnTime:
    """All rows as one."""
    rows = list(rows)
    return OnTime("", "", sum(row.dossiers for row in rows), sum(row.overdue for row in rows))
