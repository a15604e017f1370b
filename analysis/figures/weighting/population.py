"""How many dossiers stand behind each agency x service (x respondent kind) in a period, quarter by quarter.

Flows (dossiers, visits) are summed over the months, stocks (pupils) averaged over the months reported in the period, so
that quarters add up; months without a file are named; a month's figure may borrow the latest of the three months
before, and then says so. Of a month that a span of days cuts, the flows are taken in proportion
(`analysis.figures.weighting.proportion`). Everything is a whole number or an exact ratio.
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
        for kinds in self.quarters.values():  # noqa: SIM110 - asked of each service of a province: `all` takes twice as long
            if "" in kinds:
                return False
        return True

    def of_kinds(self, kinds: frozenset[str] | None) -> dict[str, dict[str, Amount]]:
        """What there is of these kinds (None, or not told apart: of all), without empty quarters and kinds."""
        return self._narrowed(self.quarters, kinds)

    def by_month(self, kinds: frozenset[str] | None) -> dict[str, Amount]:
        """The same month by month, as far as anything was handled."""
        return {month: sum(of_kind.values()) for month, of_kind in self._narrowed(self.months, kinds).items()}

    def _narrowed(
        self, amounts: Mapping[str, Mapping[str, Amount]], kinds: frozenset[str] | None
    ) -> dict[str, dict[str, Amount]]:
        narrowed = None if kinds is None or not self.told_apart else kinds
        counted: dict[str, dict[str, Amount]] = {}
        for when, of_kind in amounts.items():
            kept = {kind: n for kind, n in of_kind.items() if n and (narrowed is None or kind in narrowed)}
            if kept:
                counted[when] = kept
        return counted

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
        expected: for each agency the months in which it was asking, whatever a question narrows; where under half of
            them have a caseload, the agency x service counts as having none.
        shares: of the months that the period cuts, the part (0-1) that it covers.
    """
    quarter_of = {
        month: quarter
        for month, quarter in zip(months, quarters_of(months), strict=True)
        if shares.get(month, Fraction(1)) > 0
    }
    inside: dict[Key, list[CaseloadRow]] = defaultdict(list)
    before: dict[Key, list[CaseloadRow]] = defaultdict(list)
    for row in rows:
        (inside if row.month in quarter_of else before)[row.agency_id, row.service_id].append(row)
    populations_by_key: dict[Key, Population] = {}
    for key in sorted(inside.keys() | before.keys()):
        wanted = inside.get(key, [])
        present = {row.month for row in wanted}
        asking = expected.get(key[0], frozenset())
        if present and 2 * len(present) >= len(asking):
            populations_by_key[key] = _sum(wanted, shares, quarter_of)
        elif len(quarter_of) == 1 and (borrowed := _latest(before.get(key, []), *quarter_of)):
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
    weights: dict[tuple[str, bool], Amount] = {}  # of a month's flows and stocks
    together = any(not row.respondent_kind for row in rows)
    quarters: dict[str, dict[str, Amount]] = {}
    months: dict[str, dict[str, Amount]] = {}
    for row in rows:
        month, stock = row.month, _is_stock(row)
        weight = weights.get((month, stock))
        if weight is None:
            weight = whole(stock_weight(covered[month], reported) if stock else covered[month])
            weights[month, stock] = weight
        amount, kind = whole(row.count * weight), "" if together else row.respondent_kind
        of_quarter, of_month = quarters.setdefault(quarter_of[month], {}), months.setdefault(month, {})
        of_quarter[kind] = of_quarter.get(kind, 0) + amount
        of_month[kind] = of_month.get(kind, 0) + amount
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
