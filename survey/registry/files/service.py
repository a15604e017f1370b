"""One import from file to database: all or nothing, the same file twice changes nothing, and the change is audited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Protocol

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.foundation.audit import record
from survey.foundation.database import db, writing
from survey.foundation.progress import progress
from survey.foundation.registered import Registered
from survey.registry.files.agencies import Agencies
from survey.registry.files.caseloads import Caseloads
from survey.registry.files.counters import Counters
from survey.registry.files.given import NOTHING, Given
from survey.registry.files.mappings import Mappings
from survey.registry.files.problems import Problems
from survey.registry.files.records import Change, ImportScope, RecordKind, compare, json_values, object_name
from survey.registry.files.remarks import make_remarks, note_unprintable
from survey.registry.files.result import ImportOutcome
from survey.registry.files.rows import RecordRow, read_rows, refuse_duplicates
from survey.registry.files.runs import keep_run
from survey.registry.files.services import Services
from survey.registry.files.spelling import Spelling, spell
from survey.registry.files.tables import read_table
from survey.registry.files.wrong_kind import refuse_other_kind

RECORD_KINDS: Registered[RecordKind] = Registered(
    "kind of records", {kind.name: kind for kind in (Agencies(), Services(), Counters(), Caseloads())}
)
MOST_NAMED = 500  # of the records an import adds, in the audit log


class FileImporter(Protocol):
    """Takes in a file by rules of its own, all of it or nothing."""

    def __call__(self, file: str, content: bytes, *, dry_run: bool) -> ImportOutcome:
        """Raises ImportRefused with every problem found; nothing was changed then."""


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
) -> ImportOutcome:
    """Import the content of a file called `name`.

    Raises:
        ImportRefused: with every problem found; nothing was changed.
    """
    file = PurePath(name).name
    if importer := FILE_IMPORTERS.get(kind):
        return importer(file, content, dry_run=dry_run)
    return import_records(RECORD_KINDS[kind], file, content, dry_run=dry_run, scope=scope, given=given)


def import_records(
    kind: RecordKind,
    name: str,
    content: bytes,
    *,
    dry_run: bool = False,
    scope: ImportScope | None = None,
    given: Given = NOTHING,
) -> ImportOutcome:
    """Import records of any kind, also of one that another part of the program defines.

    Raises:
        ImportRefused: with every problem found; nothing was changed.
    """
    file, scope = PurePath(name).name, scope or Everything()
    problems = Problems(file)
    rows = _rows(kind, content, given, problems)
    run = None
    if dry_run:
        changes = plan(db.session(), kind, rows, scope, problems)
    else:
        with writing() as session:
            changes = plan(session, kind, rows, scope, problems)
            run = _write_all(session, kind, file, changes)
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


def _rows(kind: RecordKind, content: bytes, given: Given, problems: Problems) -> list[RecordRow]:
    table = read_table(content, kind.headings(), problems, Mappings(db.session(), kind.name))
    refuse_other_kind(kind.name, kind.columns, table, problems)
    session = db.session()
    spelling = Spelling(session)
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


def _write_all(session: Session, kind: RecordKind, file: str, changes: Iterable[Change]) -> int | None:
    differing = [change for change in changes if change.differs]
    if not differing:
        return None
    kind.write(session, differing)
    by_province: dict[int | None, list[Change]] = defaultdict(list)
    provinces = kind.provinces(session, differing)
    for change in differing:
        by_province[provinces[change.key]].append(change)
    for province_id, some in by_province.items():
        changed = [change for change in some if change.before is not None]
        added = [object_name(change.key) for change in some if change.before is None]
        record(
            session,
            "import",
            kind.name,
            file,
            province_id=province_id,
            before={"records": [json_values(change.before) for change in changed]},
            after={
                "new": len(added),
                "added": added[:MOST_NAMED],
                "records": [json_values(change.after) for change in changed],
            },
        )
    return keep_run(session, kind, file, differing)
