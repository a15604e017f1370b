"""One export from question to table, with its trace in the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from flask_babel import gettext as _

from analysis.exports.estimates import estimates_table
from analysis.exports.files import csv_lines, dictionary_lines, write_xlsx
from analysis.exports.questions import questions_table
from analysis.exports.responses import responses_table
from analysis.exports.table import ExportTable
from analysis.exports.tallies import tallies_table
from analysis.presentation.scope import Scope
from survey.foundation import audit
from survey.foundation.database import writing
from survey.foundation.language import current_language
from survey.foundation.periods import Period
from survey.foundation.registered import Registered

RESPONSES = "responses"
ENDINGS = ("csv", "xlsx")


class Export(Protocol):
    """Makes a table; `comments` counts where single answers are given."""

    def __call__(self, scope: Scope, period: Period, *, comments: bool) -> ExportTable:
        """The rows come one by one."""


EXPORTS: Registered[Export] = Registered(
    "export",
    {
        "estimates": lambda scope, period, *, comments: estimates_table(scope, period),
        "questions": lambda scope, period, *, comments: questions_table(scope, period),
        "tallies": lambda scope, period, *, comments: tallies_table(scope, period),
        RESPONSES: responses_table,
    },
)


class FileThere(ValueError):
    """A file is in the way; the message names it."""


def table_of(kind: str, scope: Scope, period: Period, *, comments: bool = False) -> ExportTable:
    """The table of a kind; `comments` only counts for responses."""
    return EXPORTS[kind](scope, period, comments=comments)


def record(table: ExportTable, ending: str, scope: Scope, period: Period, *, comments: bool = False) -> None:
    """Leave the trace before the first byte leaves: who, what, which filters, how many rows."""
    after = {
        "format": ending,
        "sector": scope.sector_key,
        "agency": scope.agency.code if scope.agency else None,
        "period": period.code,
        "language": current_language(),
        "comments": comments,
        "rows": table.count,
    }
    action = "export_responses" if table.name == RESPONSES else "export_figures"
    with writing() as session:
        audit.record(session, action, "export", table.name, province_id=scope.province.id, after=after)


def file_name(table: ExportTable, scope: Scope, period: Period) -> str:
    """The name of a file, without its ending."""
    place = [scope.province.key, scope.sector_key, *([scope.agency.code] if scope.agency else [])]
    return "-".join([table.name, *place, period.code])


def new_files(path: Path, ending: str) -> list[Path]:
    """The files to be written: the table, and a CSV's dictionary beside it.

    Raises:
        FileThere: one of them is there already.
    """
    files = [path] if ending == "xlsx" else [path, path.with_name(f"{path.stem}-tu-dien.csv")]
    for file in files:
        if file.exists():
            raise FileThere(_("%(path)s: đã có tệp này, chọn tên khác.", path=str(file)))
    return files


def save(table: ExportTable, files: list[Path]) -> None:
    """Write what `new_files` named; a failure leaves no half file."""
    draft = files[0].with_name(f"{files[0].name}.part")
    try:
        if len(files) == 1:
            with draft.open("wb") as file:
                write_xlsx(table, file)
        else:
            _write(draft, csv_lines(table))
            _write(files[1], dictionary_lines(table))
        draft.rename(files[0])
    finally:
        draft.unlink(missing_ok=True)


def _write(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
