"""A database that fails at the worst moment: answers are inserted, and counting them goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

ON_SQLITE = "CREATE TRIGGER no_count BEFORE INSERT ON tallies BEGIN SELECT RAISE(ABORT, 'no count'); END"
ON_POSTGRESQL = (
    "CREATE FUNCTION no_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what} RETURN NEW; END $$",
    "CREATE TRIGGER no_count BEFORE INSERT ON tallies FOR EACH ROW EXECUTE FUNCTION no_count()",
)


@contextmanager
def failing_counts(database: Any, on_postgresql: str) -> Iterator[None]:
    """While the block lasts, counting is refused; on PostgreSQL it does `on_postgresql` (PL/pgSQL) instead."""
    sqlite = database.engine.dialect.name == "sqlite"
    with database.engine.begin() as connection:
        for statement in (
            [ON_SQLITE] if sqlite else [statement.format(what=on_postgresql) for statement in ON_POSTGRESQL]
        ):
            connection.execute(text(statement))
    try:
        yield
    finally:
        with database.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER no_count" + ("" if sqlite else " ON tallies")))
            if not sqlite:
                connection.execute(text("DROP FUNCTION no_count()"))
