"""Making a backup: one consistent picture of the database, while the service runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.engine import Connection

from survey.backups.archive import ArchiveWriter, BackupProblem, Manifest, TableEntry
from survey.backups.column_types import column_type
from survey.backups.schema import current_revision
from survey.foundation.clock import now
from survey.foundation.commands.command_problems import wrong_schema
from survey.foundation.commands.progress import Step, counting
from survey.foundation.security.keyed import keyed_digest, keyed_digests
from survey.foundation.storage.database import db

ROWS_AT_ONCE = 5000
KEY = "backup"  # the purpose of the digest by which a manifest tells its key
TRANSIENT = "transient"  # in a table's `info`: holds nothing worth keeping


def backup(path: Path) -> Manifest:
    """Write every table to a new file.

    Raises:
        BackupProblem: the file exists, cannot be written, or the database is not at the program's revision.
    """
    with _snapshot() as connection:
        revision = current_revision(connection)
        if problem := wrong_schema(revision):
            raise BackupProblem(problem)
        assert revision is not None, "it stands at the program's"
        writer = ArchiveWriter(path)
        try:
            kept = tables_to_keep()
            rows = sum(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in kept)
            with counting(_("Sao lưu các dòng"), rows) as step:
                tables = [_write(connection, table, writer, step) for table in kept]
            made_at = now().isoformat()
            key = "" if current_app.config.get("HAS_PASSING_KEY") else keyed_digest(KEY, made_at)
            manifest = Manifest(revision, made_at, tables, key)
            writer.finish(manifest)
        except BaseException:
            writer.discard()
            raise
    return manifest


def is_of_another_key(manifest: Manifest) -> bool:
    """Whether codes and second factors in a backup rest on a SECRET_KEY that is neither ours nor an earlier one."""
    if not manifest.key or current_app.config.get("HAS_PASSING_KEY"):
        return False
    return manifest.key not in keyed_digests(KEY, manifest.made_at)


def tables_to_keep() -> list[sa.Table]:
    """Every table worth keeping, each after those it refers to."""
    return [table for table in db.metadata.sorted_tables if not table.info.get(TRANSIENT)]


def _snapshot() -> Connection:
    engine = db.engine
    if engine.dialect.name == "postgresql":
        return engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine.connect()  # in WAL mode a transaction reads one picture from beginning to end


def _write(connection: Connection, table: sa.Table, writer: ArchiveWriter, step: Step) -> TableEntry:
    rows, digest = writer.write_table(table.name, _lines(connection, table, step))
    columns = [(column.name, column_type(column.type).name) for column in table.columns]
    pointing_back = [c.name for c in table.columns if any(key.column.table is table for key in c.foreign_keys)]
    return TableEntry(table.name, columns, pointing_back, rows, digest)


def _lines(connection: Connection, table: sa.Table, step: Step) -> Iterator[bytes]:
    writers = [column_type(column.type).write for column in table.columns]
    result = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
        sa.select(table).order_by(*table.primary_key.columns)
    )
    for row in result:
        values = [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        step(1)
