"""Rows as one JSON parameter of a fixed statement: however many there are, nothing is composed or compiled anew."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine import Connection

from survey.foundation.clock import UTC
from survey.foundation.driver_statements import run


class InsertRows:
    """SQLite's ``INSERT INTO table SELECT … FROM the rows``, and what follows: ``WHERE … ON CONFLICT … RETURNING …``.

    In `end`, ``:name`` stands for a parameter. Rows are inserted in the order given, and each names every column of the
    table, or those `given`: the others come from the table joined by `beside`.
    """

    def __init__(self, table: Table, end: str = "", *, given: Collection[str] | None = None, beside: str = "") -> None:
        columns = [column.name for column in table.columns]
        values = ", ".join(
            f"json_extract(value, '$.{name}')" if given is None or name in given else name for name in columns
        )
        into = f"INSERT INTO {table.name} ({', '.join(columns)})"
        self._statement = f"{into} SELECT {values} FROM json_each(:rows) {beside} {end}"

    def execute(self, connection: Connection, rows: str, **parameters: Any) -> Sequence[Any]:
        """Insert rows as `sqlite_rows` gives them; what the statement returns."""
        return run(connection, self._statement, {"rows": rows, **parameters})


def sqlite_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as SQLite's `json_each` takes them; nothing where there are none."""
    return _encode_for_sqlite(rows) if rows else ""


def json_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as PostgreSQL's `json_populate_recordset` takes them."""
    return _encode_for_postgresql(rows)


def _postgresql_text(value: object) -> str:
    return _aware(value).isoformat() if isinstance(value, dt.datetime) else str(value)


def _sqlite_text(value: object) -> str:
    # As SQLAlchemy's types store it.
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, dt.datetime):
        return _aware(value).astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return str(value)


def _aware(instant: dt.datetime) -> dt.datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant


# Made once: `json.dumps` with a default of its own makes an encoder each time.
_encode_for_sqlite = json.JSONEncoder(ensure_ascii=False, default=_sqlite_text).encode
_encode_for_postgresql = json.JSONEncoder(ensure_ascii=False, default=_postgresql_text).encode
