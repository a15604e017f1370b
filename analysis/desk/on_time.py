"""Solved on time by the register, beside satisfaction: a year's dossiers by agency, service and month."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.presentation.scope import Scope
from analysis.targets.on_time_queries import OnTime, OnTimeScope, fetch_on_time, summed
from survey.foundation.periods import Period
from survey.foundation.text.vietnamese import sort_key
from survey.foundation.vocabulary import SECTORS


@dataclass(frozen=True)
class OnTimeTables:
    """The whole, then agencies and services with the latest first, and the months in their order."""

    whole: OnTime
    agencies: tuple[OnTime, ...]
    services: tuple[OnTime, ...]
    months: tuple[OnTime, ...]


def on_time_tables(scope: Scope, year: int) -> OnTimeTables | None:
    """Of the dossiers whose caseload says how many were late; None where none does."""
    asked = OnTimeScope(
        scope.province.id,
        tuple(Period.parse(str(year)).months),
        (scope.sector,) if scope.sector else tuple(SECTORS),
        scope.agencies,
    )
    months = fetch_on_time(asked, "month")
    if not months:
        return None
    agencies, services = fetch_on_time(asked), fetch_on_time(asked, "service")
    return OnTimeTables(summed(months), _latest_first(agencies), _latest_first(services), tuple(months))


def _latest_first(rows: list[OnTime]) -> tuple[OnTime, ...]:
    return tuple(sorted(rows, key=lambda row: (row.share or 0.0, sort_key(row.name))))
