"""A fixed statement on the driver's own cursor, in a transaction of SQLAlchemy's.

SQLAlchemy would describe the result of such a statement anew each time it runs, which takes as long as the statement:
for the few that every answer needs that is a tenth of an answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

Parameters = Mapping[str, Any] | Sequence[Any]


def run(connection: Connection, statement: str, parameters: Parameters) -> Sequence[Any]:
    """The rows a statement gives, none where it gives none. Parameters are written as the driver wants them.

    Raises:
        sqlalchemy.exc.DBAPIError: as SQLAlchemy would; what was to be stored is not in it.
    """
    return run_each(connection, [(statement, parameters)])


def run_each(connection: Connection, steps: Iterable[tuple[str, Parameters]]) -> Sequence[Any]:
    """Statements with their parameters, one after the other; all rows that come of it."""
    dialect, cursor = connection.dialect, connection.connection.cursor()
    rows: list[Any] = []
    try:
        for statement, parameters in steps:
            dialect.do_execute(cursor, statement, parameters)
            rows += cursor.fetchall() if cursor.description else ()
        return rows
    except dialect.loaded_dbapi.Error as error:
        is_gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
        if is_gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            statement,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=is_gone,
            dialect=dialect,
        ) from error
    finally:
        cursor.close()
