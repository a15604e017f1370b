"""Alembic's environment: the application's own engine and metadata; reference data after an upgrade to the head."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import sqlalchemy as sa
from alembic import context
from alembic.script import ScriptDirectory
from flask import current_app

from survey.foundation.commands.command_problems import DatabaseProblem, in_one_sentence, wrong_schema
from survey.foundation.storage.database import Instant, alone_at, db
from survey.foundation.storage.schema_revision import is_of_later_program

config = context.config
target_metadata = db.metadatas[None]


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as the plain types they stand for: a migration must not import the program."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run_migrations() -> None:
    """Migrate in one transaction on the application's engine; a second run at once waits and finds it done."""
    engine = db.engine
    # SQLite's second writer waits anyway; on PostgreSQL both would make the same tables.
    alone = alone_at("migrate") if engine.dialect.name == "postgresql" else nullcontext()
    with alone, engine.connect() as plain, _references_unenforced(plain):
        connection = plain.execution_options(writes=True)
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=render_item,
            transactional_ddl=True,  # on SQLite too, where we begin transactions ourselves
            transaction_per_migration=False,
        )
        _refuse_later_schema()
        with context.begin_transaction():
            context.run_migrations()
            if _stands_at_head():
                current_app.extensions["reference_data"](connection)
            _refuse_broken_references(connection)


@contextmanager
def _references_unenforced(connection: sa.Connection) -> Iterator[None]:
    """Batch changes on SQLite copy tables: references must not be enforced half-way.

    SQLite ignores the switch inside a transaction, so it is thrown on the driver's connection before one begins.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def _refuse_broken_references(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration would leave references to nothing: {broken[:5]}")


def _refuse_later_schema() -> None:
    stored = context.get_context().get_current_revision()
    if stored is not None and is_of_later_program(stored):
        raise DatabaseProblem(wrong_schema(stored))


def _stands_at_head() -> bool:
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    return head is not None and context.get_context().get_current_revision() == head


with in_one_sentence(migrating=True):
    run_migrations()
