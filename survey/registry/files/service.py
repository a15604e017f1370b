"""One import from file to database: all or nothing, the same file twice changes nothing, and the change is audited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Protocol

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.foundation.changes.audit import record
from survey.foundation.commands.progress import progress
from survey.foundation.registered import Registered
from survey.foundation.storage.database import db, writing
from survey.registry.files.agencies import Agencies
from survey.registry.files.caseloads import Caseloads
from survey.registry.files.counters import Counters
from survey.registry.files.given import NOTHING, Given
from survey.registry.files.mappings import Mappings
from survey.registry.files.problems import Problems
from survey.registry.files.records import Change, ImportScope, RecordKind, compare
from survey.registry.files.remarks import make_remarks, note_unprintable
from survey.registry.files.result import ImportOutcome
from survey.registry.files.rows import RecordRow, read_rows, refuse_duplicates
from survey.registry.files.runs import Traces, make_traces
from survey.registry.files.services import Services
from survey.registry.files.spelling import Spelling, spell
from survey.registry.files.tables import read_table
from survey.registry.files.wrong_kind import refuse_other_kind

RECORD_KINDS: Registered[RecordKind] = Registered(
    "kind of records", {kind.name: kind for kind in (Agencies(), Services(), Counters(), Caseloads())}
)


class FileImporter(Protocol):
    """Takes in a file by rules of its own, all of it or nothing."""

    def __call__(self, file: str, content: bytes, *, dry_run: bool, sheet: str = "") -> ImportOutcome:
        """`sheet`: which is meant, of several. Raises ImportRefused with every problem found; nothing was changed."""


FILE_IMPORTERS: Registered[FileImporter] = Registered("kind of file")  # files that hold no records of the registry


class Everything:
    """The scope of whoever sits at the server: commands may touch all records."""

    def allows(self, province_id: int | None, sector: str | None = None, agency_id: int | None = None) -> bool:
        """Always."""
        return True


def import_file(
    kind: str,
    name: str,
    content: bytes,
    *,
    dry_run: bool = False,
    scope: ImportScope | None = None,
    given: Given = NOTHING,
    called: Callable[[str], str] = str,
) -> ImportOutcome:
    """Import the content of a file called `name`. `called`: what whoever reads the notes calls a column.

    Raises:
        ImportRefused: with every problem found; nothing was changed.
    """
    file = PurePath(name).name
    if importer := FILE_IMPORTERS.get(kind):
        return importer(file, content, dry_run=dry_run, sheet=given.sheet)
    return import_records(RECORD_KINDS[kind], file, content, dry_run=dry_run, scope=scope, given=given, called=called)


def import_records(
    kind: RecordKind,
    name: str,
    content: bytes,
    *,
    dry_run: bool = False,
    scope: ImportScope | None = None,
    given: Given = NOTHING,
    called: Callable[[str], str] = str,
) -> ImportOutcome:
    """Import records of any kind, also of one that another part of the program defines.

    Raises:
        ImportRefused: with every problem found; nothing was changed.
    """
    file, scope = PurePath(name).name, scope or Everything()
    problems = Problems(file, called)
    rows = _rows(kind, content, given, scope, problems)
    if dry_run:
        changes, run = plan(db.session(), kind, rows, scope, problems), None
    else:
        changes, run = _take_in(kind, file, rows, scope, problems)
    make_remarks(db.session(), kind.name, changes, problems)
    note_unprintable(changes, problems)
    differing = tuple(change for change in changes if change.differs)
    new = sum(change.id is None for change in differing)
    return ImportOutcome(
        kind.name,
        file,
        dry_run,
        new,
        len(differing) - new,
        len(changes) - len(differing),
        problems.all_notes(),
        differing,
        run=run,
    )


def _rows(kind: RecordKind, content: bytes, given: Given, scope: ImportScope, problems: Problems) -> list[RecordRow]:
    table = read_table(content, kind.headings(), problems, Mappings(db.session(), kind.name), given.sheet)
    refuse_other_kind(kind.name, kind.columns, table, problems)
    session = db.session()
    spelling = Spelling(session, scope.allows)
    table = kind.unfold(session, table, spelling, given, problems)
    spell(spelling, kind.name, kind.columns, kind.key_names, table, problems)
    rows = list(progress(read_rows(table, kind.columns, problems), _("Đọc các dòng"), len(table.rows)))
    refuse_duplicates(rows, kind.key, problems)
    return rows


def plan(
    session: Session, kind: RecordKind, rows: Sequence[RecordRow], scope: ImportScope, problems: Problems
) -> list[Change]:
    """What the rows would change, checked whole.

    Raises:
        ImportRefused: with every problem found, those noted before included.
    """
    checked = progress(rows, _("Đối chiếu với dữ liệu đã có"), len(rows))
    changes = compare(kind, checked, kind.fetch(session, rows))
    kind.check(session, changes, scope, problems)
    problems.refuse_if_any()
    return changes


def _take_in(
    kind: RecordKind, file: str, rows: Sequence[RecordRow], scope: ImportScope, problems: Problems
) -> tuple[list[Change], int | None]:
    """Plan and write. On SQLite whoever else writes waits for the lock: what can be done without it is."""
    rests_on = kind.rests_on(db.session())
    changes, traces = [], None
    if rests_on is not None:
        changes = plan(db.session(), kind, rows, scope, problems)
        traces = make_traces(db.session(), kind, file, changes)
    with writing(much=True) as session:
        if traces is None or kind.rests_on(session) != rests_on:
            changes, traces = plan(session, kind, rows, scope, problems), None
        return changes, _write_all(session, kind, file, changes, traces)


def _write_all(
    session: Session, kind: RecordKind, file: str, changes: Sequence[Change], traces: Traces | None
) -> int | None:
    differing = [change for change in changes if change.differs]
    if not differing:
        return None
    kind.write(session, differing)
    traces = traces or make_traces(session, kind, file, differing)
    for province_id, before, after in traces.entries:
        record(session, "import", kind.name, file, province_id=province_id, before=before, after=after)
    session.add(traces.run)
    session.flush()
    return traces.run.id
