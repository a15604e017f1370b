"""Storing a grid of caseloads: the imports' rules, one transaction, one trace in the audit log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.foundation.changes.audit import record
from survey.foundation.identifiers import content_hash
from survey.foundation.storage.database import writing
from survey.registry.files.caseloads import Caseloads
from survey.registry.files.problems import Problems
from survey.registry.files.records import ImportScope, compare
from survey.registry.files.rows import read_row
from survey.registry.files.single_record import FORM
from survey.registry.models import Agency, Caseload
from survey.registry.queries import delete_caseloads, fetch_caseload_records
from survey.registry_pages.caseloads.audit_object import month_object
from survey.registry_pages.caseloads.grid import Cell, GridRow

KIND = Caseloads()


class GridRefused(ValueError):
    """The grid cannot be stored: its cells say why, or the message does. Nothing was changed."""


def seen_month(stored: Sequence[Caseload]) -> str:
    """A mark of a month's caseloads: another mark when the grid comes back means someone else was faster."""
    return content_hash(_values(stored))


def save_grid(agency: Agency, month: str, grid: Sequence[GridRow], scope: ImportScope, seen: str) -> None:
    """Store every cell of the grid; an emptied cell removes its caseload.

    Raises:
        GridRefused: with the problems noted in the cells.
    """
    code, province_id, agency_id = agency.code, agency.province_id, agency.id
    services = {row.service.id: row.service.code for row in grid}
    cells = [(row, cell) for row in grid for cell in row.cells if not cell.is_empty]
    texts = [_texts(code, month, services, row, cell) for row, cell in cells]
    with writing() as session:
        stored = fetch_caseload_records(session, agency_id, month)
        if seen_month(stored) != seen:
            raise GridRefused(_("Người khác vừa sửa tháng này. Mở lại trang để xem số mới, rồi sửa tiếp."))
        before = _records(stored, services)
        _remove_emptied(session, stored, grid)
        problems = Problems(FORM)
        rows = [read_row(position, line, KIND.columns, problems) for position, line in enumerate(texts)]
        changes = compare(KIND, rows, KIND.fetch(session, rows))
        KIND.check(session, changes, scope, problems)
        _tell(problems, [cell for _row, cell in cells])
        KIND.write(session, [change for change in changes if change.differs])
        after = _records(fetch_caseload_records(session, agency_id, month), services)
        if before != after:
            record(
                session,
                "change",
                "caseloads",
                month_object(code, month),
                province_id=province_id,
                before={"records": before},
                after={"records": after},
            )


def _texts(agency: str, month: str, services: dict[int, str], row: GridRow, cell: Cell) -> list[str]:
    return [agency, services[row.service.id], month, cell.kind, row.unit, cell.count, cell.overdue]


def _remove_emptied(session: Session, stored: Sequence[Caseload], grid: Sequence[GridRow]) -> None:
    emptied = {(row.service.id, cell.kind) for row in grid for cell in row.cells if cell.is_empty}
    gone = [row.id for row in stored if (row.service_id, row.respondent_kind) in emptied]
    delete_caseloads(session, gone)


def _tell(problems: Problems, cells: Sequence[Cell]) -> None:
    for problem in problems.listed:
        if problem.line is not None:
            cells[problem.line].errors.append(f"{problem.message} {problem.mend}".strip())
    if problems.total:
        raise GridRefused(_("Có ô chưa đúng; chưa lưu số nào."))


def _records(stored: Sequence[Caseload], services: Mapping[int, str]) -> list[dict[str, Any]]:
    """The caseloads of the grid's services as the audit log keeps them: services by their codes."""
    shown = _values(row for row in stored if row.service_id in services)
    return [{"service": services[value.pop("service_id")], **value} for value in shown]


def _values(rows: Iterable[Caseload]) -> list[dict[str, Any]]:
    names = ("service_id", "respondent_kind", "unit", "count", "overdue")
    values = [{name: getattr(row, name) for name in names} for row in rows]
    return sorted(values, key=lambda value: (value["service_id"], value["respondent_kind"]))
