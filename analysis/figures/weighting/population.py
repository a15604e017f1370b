"""How many dossiers stand behind each agency x service (x respondent kind) in a period.

Flows (dossiers, visits) are summed over the months, stocks (pupils) averaged; months without a file are named;
a month's figure may borrow the latest of the three months before, and then says so (statistics.md, section 1). Of a
month that a span of days cuts, the flows are taken in proportion (`analysis.figures.weighting.proportion`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from analysis.figures.store.change_stamps import BORROW_MONTHS
from analysis.statistics.counts import stock_weight
from survey.foundation.periods import shift_month
from survey.registry.queries import CaseloadRow

STOCK_UNITS = frozenset({"pupil"})


@dataclass(frozen=True, slots=True)
class Population:
    """The caseload of one agency x service; `by_kind` is empty where kinds are not told apart."""

    total: float
    by_kind: Mapping[str, float]
    months: tuple[str, ...]  # months that had a file
    provisional: bool = False  # borrowed from an earlier month
    in_proportion: bool = False  # a part of some month's flow, for a period that cuts the month


Key = tuple[int, int]


def populations(
    rows: Iterable[CaseloadRow],
    months: tuple[str, ...],
    expected: Mapping[int, frozenset[str]],
    shares: Mapping[str, float] = MappingProxyType({}),
) -> dict[Key, Population]:
    """Population of each (agency id, service id).

    Args:
        rows: caseloads of `months` and of the three months before the first of them.
        months: the months of the period.
        expected: for each agency the months in which it was asking; where under half of them have a caseload,
            the agency x service counts as having none.
        shares: of the months that the period cuts, the part (0-1, more than 0) that it covers.
    """
    by_key: dict[Key, list[CaseloadRow]] = defaultdict(list)
    for row in rows:
        by_key[row.agency_id, row.service_id].append(row)
    found: dict[Key, Population] = {}
    for key, all_rows in by_key.items():
        wanted = [row for row in all_rows if row.month in months]
        present = {row.month for row in wanted}
        asking = expected.get(key[0], frozenset())
        if present and 2 * len(present) >= len(asking):
            found[key] = _sum(wanted, shares)
        elif len(months) == 1 and (borrowed := _latest(all_rows, months[0])):
            covered = shares.get(months[0], 1.0)
            found[key] = replace(_sum(borrowed, {borrowed[0].month: covered}), provisional=True)
    return found


def missing_months(population: Population, expected: frozenset[str]) -> tuple[str, ...]:
    """Months in which the agency was asking but no caseload came."""
    return () if population.provisional else tuple(sorted(expected - set(population.months)))


def _sum(rows: list[CaseloadRow], shares: Mapping[str, float]) -> Population:
    covered = {month: shares.get(month, 1.0) for month in sorted({row.month for row in rows})}
    reported = math.fsum(covered.values())
    by_kind: dict[str, float] = defaultdict(float)
    for row in rows:
        part = covered[row.month]
        by_kind[row.respondent_kind] += row.count * (stock_weight(part, reported) if _is_stock(row) else part)
    total = sum(by_kind.values())
    split = {} if "" in by_kind else dict(by_kind)
    in_proportion = any(covered[row.month] < 1 and not _is_stock(row) for row in rows)
    return Population(total, split, tuple(covered), in_proportion=in_proportion)


def _is_stock(row: CaseloadRow) -> bool:
    return row.unit in STOCK_UNITS


def _latest(rows: list[CaseloadRow], month: str) -> list[CaseloadRow]:
    for back in range(1, BORROW_MONTHS + 1):
        earlier = shift_month(month, -back)
        if found := [row for row in rows if row.month == earlier]:
            return found
    return []
