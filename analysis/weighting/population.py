"""How many dossiers stand behind each agency x service (x respondent kind) in a period.

Flows (dossiers, visits) are summed over the months, stocks (pupils) averaged; months without a file are named;
a month's figure may borrow the latest of the three months before, and then says so (statistics.md, section 1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analysis.statistics.counts import stock_weight
from survey.agencies.queries import CaseloadRow
from survey.foundation.periods import shift_month

STOCK_UNITS = frozenset({"pupil"})
BORROW_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Population:
    """The caseload of one agency x service; `by_kind` is empty where kinds are not told apart."""

    total: float
    by_kind: Mapping[str, float]
    months: tuple[str, ...]  # months that had a file
    provisional: bool = False  # borrowed from an earlier month


Key = tuple[int, int]


def populations(
    rows: Iterable[CaseloadRow], months: tuple[str, ...], expected: Mapping[int, frozenset[str]]
) -> dict[Key, Population]:
    """Population of each (agency id, service id).

    Args:
        rows: caseloads of `months` and of the three months before the first of them.
        months: the months of the period.
        expected: for each agency the months in which it was asking; where under half of them have a caseload,
            the agency x service counts as having none.
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
            found[key] = _sum(wanted, provisional=False)
        elif len(months) == 1 and (borrowed := _latest(all_rows, months[0])):
            found[key] = _sum(borrowed, provisional=True)
    return found


def missing_months(population: Population, expected: frozenset[str]) -> tuple[str, ...]:
    """Months in which the agency was asking but no caseload came."""
    return () if population.provisional else tuple(sorted(expected - set(population.months)))


def _sum(rows: list[CaseloadRow], *, provisional: bool) -> Population:
    months = tuple(sorted({row.month for row in rows}))
    by_kind: dict[str, float] = defaultdict(float)
    stock = stock_weight(len(months))
    for row in rows:
        by_kind[row.respondent_kind] += row.count * (stock if row.unit in STOCK_UNITS else 1.0)
    total = sum(by_kind.values())
    split = {} if "" in by_kind else dict(by_kind)
    return Population(total, split, months, provisional)


def _latest(rows: list[CaseloadRow], month: str) -> list[CaseloadRow]:
    for back in range(1, BORROW_MONTHS + 1):
        earlier = shift_month(month, -back)
        if found := [row for row in rows if row.month == earlier]:
            return found
    return []
