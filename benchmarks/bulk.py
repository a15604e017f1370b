"""Rows of answers written in bulk: triggers and foreign keys lifted, indexes and marks made at the end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from sqlalchemy import Select, cast, func, insert, select
from sqlalchemy.engine import Connection

from survey.backups.triggers import lifted_triggers
from survey.foundation.storage.database import db
from survey.responses import models

STAMPS = 2**48  # a mark is a random number below it (migration 0010)
MARKED = ("province_id", "subject", "month", "agency_id")


class Bulk:
    """A transaction that fills an empty database quickly; what triggers would have marked it marks itself."""

    TABLES = (models.Response.__table__, models.Rating.__table__)

    def __enter__(self) -> Bulk:
        self.sqlite = db.engine.dialect.name == "sqlite"
        self.false: Any = 0 if self.sqlite else False
        db.session.remove()
        db.engine.dispose()  # SQLite leaves its write-ahead log only when nobody else is connected
        self.connection = db.engine.connect()
        raw = self.connection.connection
        self.cursor = raw.cursor()
        if self.sqlite:  # before the transaction begins, or they do nothing
            for pragma in ("foreign_keys=OFF", "synchronous=OFF", "journal_mode=OFF", "cache_size=-1000000"):
                self.cursor.execute(f"PRAGMA {pragma}")
        self.connection.begin()
        if not self.sqlite:
            self.cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
            self.cursor.execute("SET LOCAL session_replication_role = 'replica'")  # no trigger, no foreign key
        for index in self._indexes():
            index.drop(self.connection)
        names = [table.name for table in self.TABLES]
        self.lifted = lifted_triggers(self.connection, names) if self.sqlite else nullcontext()
        self.lifted.__enter__()
        return self

    def id(self, number: int) -> str:
        """A response's id as the driver takes it."""
        return f"{number + 1:032x}"

    def insert(self, table: str, names: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add rows. No text may hold a tab, a line break or a backslash."""
        columns = names.count(",") + 1
        if self.sqlite:
            self.cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * columns)})", rows)
            return
        line = "\t".join(["%s"] * columns) + "\n"
        with self.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            copy.write("".join([line % row for row in rows]))

    def __exit__(self, problem: object, *_where: object) -> None:
        if problem is None:
            for index in self._indexes():
                index.create(self.connection)
            self._mark()
            self.lifted.__exit__(None, None, None)
            self.connection.commit()
        self.connection.close()
        db.engine.dispose()  # the next connection is as every connection
        if problem is None:
            analyze()

    def _indexes(self) -> list[Any]:
        return [
            index for table in self.TABLES for index in sorted(table.indexes, key=lambda by_name: str(by_name.name))
        ]

    def _mark(self) -> None:
        columns = (*MARKED, "stamp", "latest")
        self.connection.execute(insert(models.RatingMark).from_select(columns, _marks(self.connection)))


def _marks(connection: Connection) -> Select[Any]:
    if connection.dialect.name == "sqlite":
        stamp = func.abs(func.random() % STAMPS)
    else:
        stamp = cast(func.floor(func.random() * STAMPS), models.RatingMark.stamp.type)
    key = [getattr(models.Rating, name) for name in MARKED]
    return select(*key, stamp, func.max(models.Rating.received_at)).group_by(*key)


def analyze() -> None:
    """Let the database know its rows, as a server does by itself in time."""
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if sqlite else "VACUUM ANALYZE")
