"""One export from question to table, with its trace in the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flask_babel import gettext as _

from analysis.exports.files import csv_lines, dictionary_lines, write_xlsx
from analysis.exports.kinds import EXPORTS
from analysis.exports.table import ExportTable
from analysis.presentation.scope import Scope
from survey.foundation.changes import audit
from survey.foundation.commands.progress import progress
from survey.foundation.languages.language import current_language
from survey.foundation.periods import Period
from survey.foundation.storage.database import writing

ENDINGS = ("csv", "xlsx")


class FileThere(ValueError):
    """A file is in the way; the message names it."""


def table_of(kind: str, scope: Scope, period: Period, *, comments: bool = False) -> ExportTable:
    """The table of a kind; `comments` only counts for responses."""
    export = EXPORTS[kind]
    return replace(export.make(scope, period, comments=comments), name=kind, title=str(export.title))


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
    with writing() as session:
        audit.record(
            session, EXPORTS[table.name].action.value, "export", table.name, province_id=scope.province.id, after=after
        )


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
    shown = replace(table, rows=progress(table.rows, _("Ghi các dòng")))
    draft = files[0].with_name(f"{files[0].name}.part")
    try:
        if len(files) == 1:
            with draft.open("wb") as file:
                write_xlsx(shown, file)
        else:
            _write(draft, csv_lines(shown))
            _write(files[1], dictionary_lines(table))
        draft.rename(files[0])
    except BaseException:
        for beside in files[1:]:
            beside.unlink(missing_ok=True)
        raise
    finally:
        draft.unlink(missing_ok=True)


def _write(path: Path, lines: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
