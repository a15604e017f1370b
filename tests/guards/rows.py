"""One plausible row for any table, made from nothing but the table's description in the database."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

DAY = dt.date(2026, 10, 5)
INSTANT = dt.datetime(2026, 10, 5, 8, 30, tzinfo=dt.UTC)
BOOKKEEPING = "alembic_version"


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table holds, asked in one statement: of sixty tables each alone would take as many."""
    names = [name for name in sa.inspect(connection).get_table_names() if name != BOOKKEEPING]
    if not names:
        return {}
    asked = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in names)
    return {str(name): int(count) for name, count in connection.exec_driver_sql(asked)}


def fill_empty_tables(connection: Connection) -> None:
    """Give each table that has no row one row, with every column set that refers to nothing or to something there."""
    empty = [name for name, count in counts(connection).items() if not count]
    described = sa.MetaData()
    described.reflect(connection, only=empty)
    for table in described.sorted_tables:  # those that others refer to first
        if table.name in empty:
            connection.execute(table.insert().values(_row(connection, table)))


def _row(connection: Connection, table: sa.Table) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.foreign_keys:
            (key,) = list(column.foreign_keys)[:1]
            if key.column.table.name != table.name:
                values[column.name] = connection.execute(sa.select(key.column).limit(1)).scalar()
        elif not _made_by_the_database(column):
            values[column.name] = _value(column, connection.dialect.name)
    return values


def _made_by_the_database(column: sa.Column[Any]) -> bool:
    alone = column.primary_key and len(column.table.primary_key.columns) == 1
    alone &= len(column.table.columns) > 1  # a table that is nothing but its key is told what to hold
    return column.computed is not None or (alone and isinstance(column.type, sa.Integer))


def _value(column: sa.Column[Any], dialect: str) -> Any:
    kind = column.type
    if isinstance(kind, sa.Uuid):
        return uuid.uuid4()
    if isinstance(kind, sa.String):
        if kind.length == 32 and dialect == "sqlite":  # how a UUID is kept there
            return uuid.uuid4().hex
        return "x" * min(kind.length or 5, 5)
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.DateTime):
        return INSTANT.replace(tzinfo=None) if dialect == "sqlite" else INSTANT
    if isinstance(kind, sa.Date):
        return DAY
    if isinstance(kind, sa.LargeBinary):
        return b"x"
    if isinstance(kind, sa.JSON):
        return {}
    return 1
