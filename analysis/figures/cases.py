"""How citizens' reports were handled: the one place that counts them, by kind and by agency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.figures.case_queries import CaseScope, FoundCase, fetch_case_rows
from analysis.statistics.case_ratios import CaseFigures, HandledCase, figures_of


@dataclass(frozen=True)
class CaseTables:
    """The figures of all cases of a scope, of each kind, agency (by its id) and sector."""

    total: CaseFigures
    kinds: Mapping[str, CaseFigures]
    agencies: Mapping[int, CaseFigures]
    sectors: Mapping[str, CaseFigures]


def case_tables(scope: CaseScope) -> CaseTables:
    """Count the cases of a scope."""
    return tables_of(fetch_case_rows(scope))


def tables_of(rows: Sequence[FoundCase]) -> CaseTables:
    """Count cases."""
    kinds: dict[str, list[HandledCase]] = defaultdict(list)
    agencies: dict[int, list[HandledCase]] = defaultdict(list)
    sectors: dict[str, list[HandledCase]] = defaultdict(list)
    for row in rows:
        sectors[row.sector].append(row.handled)
        kinds[row.kind].append(row.handled)
        agencies[row.agency_id].append(row.handled)
    return CaseTables(
        figures_of(row.handled for row in rows),
        {kind: figures_of(cases) for kind, cases in kinds.items()},
        {agency_id: figures_of(cases) for agency_id, cases in agencies.items()},
        {sector: figures_of(cases) for sector, cases in sectors.items()},
    )
