"""One agency's month as a grid: a row a service, a cell a respondent kind. What was typed is never lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from survey.registry.files.caseload_units import USUAL_UNIT
from survey.registry.models import Caseload, Service

KINDS = ("", "individual", "organisation")  # '': kinds not told apart


@dataclass
class Cell:
    """Count and overdue as typed; `errors` say what to mend."""

    kind: str
    count: str = ""
    overdue: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing was typed: no caseload is known."""
        return not self.count and not self.overdue


@dataclass
class GridRow:
    """One service's caseload in the month."""

    service: Service
    unit: str
    cells: list[Cell]

    def name(self, what: str, kind: str = "") -> str:
        """The name of a field: ``count-12-individual``."""
        return f"{what}-{self.service.id}" + (f"-{kind or 'all'}" if what != "unit" else "")


def stored_grid(services: Iterable[Service], stored: Sequence[Caseload]) -> list[GridRow]:
    """The grid as the database has it."""
    known = {(row.service_id, row.respondent_kind): row for row in stored}
    units = {row.service_id: row.unit for row in stored}
    grid = []
    for service in services:
        cells = [Cell(kind) for kind in KINDS]
        for cell in cells:
            if row := known.get((service.id, cell.kind)):
                cell.count, cell.overdue = str(row.count), "" if row.overdue is None else str(row.overdue)
        grid.append(GridRow(service, units.get(service.id, USUAL_UNIT[service.sector]), cells))
    return grid


def fill(grid: Iterable[GridRow], form: Mapping[str, str]) -> None:
    """Put what was typed into the grid."""
    for row in grid:
        row.unit = form.get(row.name("unit"), row.unit)
        for cell in row.cells:
            cell.count = form.get(row.name("count", cell.kind), "").strip()
            cell.overdue = form.get(row.name("overdue", cell.kind), "").strip()
