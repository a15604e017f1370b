"""Restoring a backup: checked first, then everything in one transaction, on either database."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from survey.backups.archive import Archive, BackupProblem, Manifest, TableEntry
from survey.backups.column_types import BY_NAME
from survey.backups.dump import tables_to_keep
from survey.backups.schema import current_revision, head_revision, holds_any, known_revisions, move_schema
from survey.backups.triggers import lifted_triggers
from survey.foundation.batched import batched
from survey.foundation.caching.register import RegisterStamp, new_stamp
from survey.foundation.commands.progress import Step, counting
from survey.foundation.storage.database import db

ROWS_AT_ONCE = 1000
CARRIED = "carried"  # in a table's `info`: its first column is its key, and its rows survive a restore
Carried = dict[sa.Table, dict[Any, dict[str, Any]]]
FILLED_BY_PEOPLE = ("users", "agencies", "services", "responses", "audit_entries")


def restore(path: Path, *, force: bool = False) -> Manifest:
    """Replace what the database holds by a backup of this or an earlier version of the program.

    Raises:
        BackupProblem: damaged, from a later version, or the database holds data and `force` was not given.
    """
    archive = Archive(path)
    try:
        revision = archive.manifest.revision
        _refuse_unsuitable(archive.manifest, path, force)
        with db.engine.connect() as connection:
            current = current_revision(connection)
        move_schema(current, revision)
        _replace_everything(archive)
        move_schema(revision, head_revision())
        return archive.manifest
    finally:
        archive.close()


def _refuse_unsuitable(manifest: Manifest, path: Path, force: bool) -> None:
    if manifest.revision not in known_revisions():
        raise BackupProblem(
            _("%(path)s: do phiên bản mới hơn của chương trình tạo ra. Nâng cấp chương trình trước.", path=str(path))
        )
    with db.engine.connect() as connection:
        filled = holds_any(connection, FILLED_BY_PEOPLE)
        current = current_revision(connection)
    if filled and not force:
        raise BackupProblem(_("Cơ sở dữ liệu đang có dữ liệu. Thêm --force để thay toàn bộ bằng bản sao lưu."))
    if filled and current != manifest.revision:
        raise BackupProblem(
            _(
                "Bản sao lưu thuộc phiên bản %(b)s, cơ sở dữ liệu đang ở %(c)s. "
                "Khôi phục vào một cơ sở dữ liệu mới còn trống.",
                b=manifest.revision,
                c=current,
            )
        )


def _replace_everything(archive: Archive) -> None:
    tables = archive.manifest.tables
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        # Tables that backups leave out may refer to others, so they are emptied too.
        kept = {table.name for table in tables_to_keep()}
        present = set(sa.inspect(connection).get_table_names())
        left_out = [t.name for t in db.metadata.sorted_tables if t.name not in kept and t.name in present]
        names = [*(table.name for table in tables), *left_out]
        carried = _carried(connection, present)
        with lifted_triggers(connection, names):
            for name in reversed(names):
                connection.execute(sa.delete(sa.table(name)))
            with counting(_("Khôi phục các dòng"), archive.manifest.rows) as step:
                for table in tables:
                    _load(connection, archive, table, step)
            _add_missing(connection, carried)
        if RegisterStamp.__tablename__ in present:  # not in a backup of an earlier program
            new_stamp(connection)


def _carried(connection: Connection, present: Collection[str]) -> Carried:
    """What a restore must not forget, though the backup does not know it yet: the rows of such tables by their key."""
    tables = [table for table in db.metadata.sorted_tables if table.info.get(CARRIED) and table.name in present]
    return {table: {row[0]: row._asdict() for row in connection.execute(sa.select(table))} for table in tables}


def _add_missing(connection: Connection, carried: Carried) -> None:
    for table, rows in carried.items():
        (key,) = table.primary_key.columns
        there = set(connection.scalars(sa.select(key)))
        missing = [row for mark, row in rows.items() if mark not in there]
        if missing:
            connection.execute(sa.insert(table), missing)


def _load(connection: Connection, archive: Archive, entry: TableEntry, step: Step) -> None:
    kinds = {name: BY_NAME[kind] for name, kind in entry.columns}
    table = sa.table(entry.name, *(sa.column(name, kind.stored_as) for name, kind in kinds.items()))
    reads = [kind.read for kind in kinds.values()]
    links: list[dict[str, Any]] = []
    with closing(archive.rows(entry)) as lines:
        rows = (
            {name: None if value is None else read(value) for name, read, value in zip(kinds, reads, line, strict=True)}
            for line in lines
        )
        for batch in batched(rows, ROWS_AT_ONCE):
            for row in batch:
                # A row may point at one of its own table that comes later: such columns are filled in at the end.
                pointing = {name: row[name] for name in entry.pointing_back if row[name] is not None}
                if pointing:
                    links.append({"row_id": row["id"], **{f"new_{name}": row[name] for name in entry.pointing_back}})
                    row.update(dict.fromkeys(pointing))
            connection.execute(sa.insert(table), batch)
            step(len(batch))
    if links:
        values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in entry.pointing_back}
        connection.execute(sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(values), links)
    if connection.dialect.name == "postgresql" and dict(entry.columns).get("id") == "integer":
        _continue_sequence(connection, table)


def _continue_sequence(connection: Connection, table: sa.TableClause) -> None:
    # Ids were given, so PostgreSQL's counter must be told where to go on.
    last = connection.scalar(sa.select(sa.func.max(table.c.id)))
    sequence = connection.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, "id")))
    if sequence is not None and last is not None:
        connection.execute(sa.select(sa.func.setval(sequence, last)))
