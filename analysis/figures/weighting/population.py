"""How many dossiers stand behind each agency x service (x respondent kind) in a period, quarter by quarter.

Flows (dossiers, visits) are summed over the months, stocks (pupils) averaged over the months reported in the period, so
that quarters add up; months without a file are named; a month's figure may borrow the latest of the three months
before, and then says so (statistics.md, section 1). Of a month that a span of days cuts, the flows are taken in
proportion (`analysis.figures.weighting.proportion`). Everything is a whole number or an exact ratio.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType

from analysis.figures.quarters import quarters_of
from analysis.figures.store.change_stamps import BORROW_MONTHS
from analysis.statistics.counts import stock_weight
from survey.foundation.periods import shift_month
from survey.registry.queries import CaseloadRow

STOCK_UNITS = frozenset({"pupil"})
Amount = int | Fraction


@dataclass(frozen=True, slots=True)
class Population:
    """The caseload of one agency x service.

    `quarters`: by quarter ('' in a period of up to three months) and respondent kind ('' where kinds are not told
    apart), as far as reported. `months`: what each month that had a file counts, by kind alike.
    """

    quarters: Mapping[str, Mapping[str, Amount]]
    months: Mapping[str, Mapping[str, Amount]]
    provisional: bool = False  # borrowed from an earlier month
    in_proportion: bool = False  # a part of some month's flow, for a period that cuts the month

    @property
    def told_apart(self) -> bool:
        """Whether every row says which respondent kind it counts."""
        return all("" not in kinds for kinds in self.quarters.values())

    def of_kinds(self, kinds: frozenset[str] | None) -> dict[str, dict[str, Amount]]:
        """What there is of these kinds (None, or not told apart: of all), without empty quarters and kinds."""
        return self._narrowed(self.quarters, kinds)

    def by_month(self, kinds: frozenset[str] | None) -> dict[str, Amount]:
        """The same month by month, as far as anything was handled."""
        return {month: sum(of_kind.values()) for month, of_kind in self._narrowed(self.months, kinds).items()}

    def _narrowed(
        self, amounts: Mapping[str, Mapping[str, Amount]], kinds: frozenset[str] | None
    ) -> dict[str, dict[str, Amount]]:
        narrowed = kinds if self.told_apart else None
        counted = {
            when: {kind: n for kind, n in of_kind.items() if n and (narrowed is None or kind in narrowed)}
            for when, of_kind in amounts.items()
        }
        return {when: of_kind for when, of_kind in counted.items() if of_kind}

    @property
    def total(self) -> Amount:
        """Everything there is."""
        return sum(n for of_kind in self.quarters.values() for n in of_kind.values())


Key = tuple[int, int]


def populations(
    rows: Iterable[CaseloadRow],
    months: tuple[str, ...],
    expected: Mapping[int, frozenset[str]],
    shares: Mapping[str, Fraction] = MappingProxyType({}),
) -> dict[Key, Population]:
    """Population of each (agency id, service id).

    Args:
        rows: caseloads of `months` and of the three months before the first of them.
        months: the months of the period; those it covers nothing of (`shares`) weigh nothing.
        expected: for each agency the months in which it was asking; where under half of them have a caseload,
            the agency x service counts as having none.
        shares: of the months that the period cuts, the part (0-1) that it covers.
    """
    by_key: dict[Key, list[CaseloadRow]] = defaultdict(list)
    for row in rows:
        by_key[row.agency_id, row.service_id].append(row)
    quarter_of = {
        month: quarter
        for month, quarter in zip(months, quarters_of(months), strict=True)
        if shares.get(month, Fraction(1)) > 0
    }
    populations_by_key: dict[Key, Population] = {}
    for key, all_rows in sorted(by_key.items()):
        wanted = [row for row in all_rows if row.month in quarter_of]
        present = {row.month for row in wanted}
        asking = expected.get(key[0], frozenset())
        if present and 2 * len(present) >= len(asking):
            populations_by_key[key] = _sum(wanted, shares, quarter_of)
        elif len(quarter_of) == 1 and (borrowed := _latest(all_rows, *quarter_of)):
            (month,), earlier = quarter_of, borrowed[0].month
            covered = {earlier: shares[month]} if month in shares else {}
            populations_by_key[key] = replace(_sum(borrowed, covered, {earlier: ""}), provisional=True)
    return populations_by_key


def missing_months(population: Population, expected: frozenset[str]) -> tuple[str, ...]:
    """Months in which the agency was asking but no caseload came."""
    return () if population.provisional else tuple(sorted(expected - population.months.keys()))


def _sum(rows: list[CaseloadRow], shares: Mapping[str, Fraction], quarter_of: Mapping[str, str]) -> Population:
    covered: dict[str, Amount] = {month: shares.get(month, 1) for month in sorted({row.month for row in rows})}
    reported = sum(covered.values())
    together = any(not row.respondent_kind for row in rows)
    quarters: dict[str, dict[str, Amount]] = {}
    months: dict[str, dict[str, Amount]] = {}
    for row in rows:
        part, kind = covered[row.month], "" if together else row.respondent_kind
        amount = whole(row.count * (stock_weight(part, reported) if _is_stock(row) else part))
        for when, amounts in ((quarter_of[row.month], quarters), (row.month, months)):
            of_kind = amounts.setdefault(when, {})
            of_kind[kind] = of_kind.get(kind, 0) + amount
    in_proportion = bool(shares) and any(covered[row.month] < 1 and not _is_stock(row) for row in rows)
    return Population(quarters, months, in_proportion=in_proportion)


def whole(amount: Amount) -> Amount:
    """The same number, as an integer where it is one."""
    return amount.numerator if amount.denominator == 1 else amount


def _is_stock(row: CaseloadRow) -> bool:
    return row.unit in STOCK_UNITS


def _latest(rows: list[CaseloadRow], month: str) -> list[CaseloadRow]:
    for back in range(1, BORROW_MONTHS + 1):
        earlier = shift_month(month, -back)
        if rows_then := [row for row in rows if row.month == earlier]:
            return rows_then
    return []
