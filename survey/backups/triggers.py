"""Lifting the triggers that guard tables ("only ever added to") while a restore replaces everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@contextmanager
def lifted_triggers(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Inside, no trigger of these tables fires; afterwards they stand as before.

    All of it is part of the connection's transaction: a failure puts them back too.
    """
    if connection.dialect.name == "sqlite":
        triggers = _sqlite_triggers(connection, tables)
        for name in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for statement in triggers.values():
            connection.exec_driver_sql(statement)
        return
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    yield
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def _sqlite_triggers(connection: Connection, tables: Sequence[str]) -> dict[str, str]:
    master = sa.table("sqlite_master", *map(sa.column, ("type", "name", "tbl_name", "sql")))
    query = sa.select(master.c.name, master.c.sql).where(master.c.type == "trigger", master.c.tbl_name.in_(tables))
    return {row.name: row.sql for row in connection.execute(query)}
