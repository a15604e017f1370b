"""Rows as parameters of a fixed statement, mostly all of them as one of JSON: nothing is composed or compiled anew."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Integer, String, Table
from sqlalchemy.engine import Connection

from survey.foundation.clock import UTC
from survey.foundation.driver_statements import run, run_each


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


class InsertEach:
    """The same row by row, each as parameters of its own: of wide rows SQLite has a third less work than with JSON.

    `also`: the parameters that `end` names.
    """

    def __init__(self, table: Table, end: str, also: Sequence[str]) -> None:
        columns = [column.name for column in table.columns]
        place = {name: f"?{number}" for number, name in enumerate([*columns, *also], 1)}
        for name in also:
            end = end.replace(f":{name}", place[name])
        into = f"INSERT INTO {table.name} ({', '.join(columns)})"
        self._statement = f"{into} SELECT {', '.join(place[name] for name in columns)} {end}"
        self._in_order = itemgetter(*columns)
        plain = (Boolean, Integer, String)
        self._as_text = [column.name for column in table.columns if not isinstance(column.type, plain)]

    def parameters(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """A row as `execute` takes it."""
        values = dict(row)
        for name in self._as_text:
            if values[name] is not None:
                values[name] = _sqlite_text(values[name])
        in_order: tuple[Any, ...] = self._in_order(values)
        return in_order

    def execute(self, connection: Connection, rows: Iterable[tuple[Any, ...]], *also: Any) -> Sequence[Any]:
        """Insert; what the statement returns for all of them."""
        return run_each(connection, self._statement, ((*row, *also) for row in rows))


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
    return _encode(value) if isinstance(value, dict | list) else str(value)


def _aware(instant: dt.datetime) -> dt.datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant


# Made once: `json.dumps` with a default of its own makes an encoder each time.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_encode_for_sqlite = json.JSONEncoder(ensure_ascii=False, default=_sqlite_text).encode
_encode_for_postgresql = json.JSONEncoder(ensure_ascii=False, default=_postgresql_text).encode
