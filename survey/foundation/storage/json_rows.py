"""Rows as parameters of a fixed statement, on PostgreSQL all as one of JSON: nothing is composed or compiled anew."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from operator import attrgetter, itemgetter
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Boolean, Integer, String, Table
from sqlalchemy.engine import Connection

from survey.foundation.clock import UTC
from survey.foundation.storage.driver_statements import Parameters, run_each


class InsertRows:
    """SQLite's ``INSERT INTO table SELECT … FROM (VALUES …) WHERE …``, and what follows, as ``AND … ON CONFLICT …``.

    Rows are inserted in the order given. Each names every column of the table, or those `given`: the others come from
    the table joined by `beside`, in which ``{name}`` stands for a given column. The first column is never empty.
    """

    # Rows a statement, filled up with empty ones that are passed over: each lets other threads go on in Python, and
    # they keep it for milliseconds; there should be few while SQLite's lock is held. In few sizes, so that a connection
    # has them compiled.
    _SIZES = (1, 4, 16, 64)

    def __init__(self, table: Table, end: str = "", *, given: Collection[str] | None = None, beside: str = "") -> None:
        columns = [column for column in table.columns if given is None or column.name in given]
        place = {column.name: f"column{number}" for number, column in enumerate(columns, 1)}
        names = [column.name for column in table.columns]
        values = ", ".join(place.get(name, name) for name in names)
        row = f"({', '.join('?' * len(columns))})"
        self._statements = {
            size: f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} "
            f"FROM (VALUES {', '.join([row] * size)}) {beside.format(**place)} WHERE column1 IS NOT NULL {end}"
            for size in self._SIZES
        }
        self._empty = (None,) * len(columns)
        self.in_order: Callable[[Mapping[str, Any]], tuple[Any, ...]] = itemgetter(*place)
        plain = (Boolean, Integer, String)
        self._to_text = [column.name for column in columns if not isinstance(column.type, plain)]

    def parameters(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """A row as `execute` takes it; `in_order` does for one whose values are as they are stored."""
        values = dict(row)
        for name in self._to_text:
            if (value := values[name]) is not None:
                values[name] = _AS_TEXT[type(value)](value)
        return self.in_order(values)

    def execute(self, connection: Connection, rows: Sequence[tuple[Any, ...]], *also: Any) -> Sequence[Any]:
        """Insert; what the statements return for all of them. `also`: what `end` asks for."""
        return run_each(connection, self._steps(rows, also))

    def _steps(self, rows: Sequence[tuple[Any, ...]], also: Iterable[Any]) -> Iterator[tuple[str, Parameters]]:
        for start in range(0, len(rows), self._SIZES[-1]):
            part = rows[start : start + self._SIZES[-1]]
            size = next(size for size in self._SIZES if size >= len(part))
            filled_up = chain(part, repeat(self._empty, size - len(part)))
            yield self._statements[size], [*chain.from_iterable(filled_up), *also]


def json_rows(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as PostgreSQL's `json_populate_recordset` takes them."""
    return to_json(rows).decode()


def _stored_instant(value: dt.datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _stored_json(value: object) -> str:
    return to_json(value).decode()


# As SQLAlchemy's types store them.
_AS_TEXT: Mapping[type[Any], Callable[[Any], str]] = {
    uuid.UUID: attrgetter("hex"),
    dt.datetime: _stored_instant,
    dt.date: str,
    dict: _stored_json,
}
