"""One statement of a request breaks, as its driver says it when the database or the machine cannot go on."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors
from sqlalchemy import Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError


def of_the_machine(number: int) -> OSError:
    """What the operating system says."""
    return OSError(number, os.strerror(number))


ON_ANY = {
    "no connection is free": lambda: PoolTimeoutError("QueuePool limit of size 8 overflow 8 reached"),
    "the connection is gone": DisconnectionError,
    "the disk is full": lambda: of_the_machine(errno.ENOSPC),
    "the disk takes nothing": lambda: of_the_machine(errno.EROFS),
    "the disk is broken": lambda: of_the_machine(errno.EIO),
    "too many files are open": lambda: of_the_machine(errno.EMFILE),
}
ON_SQLITE = {
    words: lambda kind=kind, words=words: kind(words)
    for words, kind in {
        "database or disk is full": sqlite3.OperationalError,
        "disk I/O error": sqlite3.OperationalError,
        "attempt to write a readonly database": sqlite3.OperationalError,
        "unable to open database file": sqlite3.OperationalError,
        "database is locked": sqlite3.OperationalError,
        "file is not a database": sqlite3.DatabaseError,
        "database disk image is malformed": sqlite3.DatabaseError,
        "unknown operation": sqlite3.InternalError,
        "bad parameter or other API misuse": sqlite3.InterfaceError,
    }.items()
}
ON_POSTGRESQL = {
    kind.__name__: lambda kind=kind: kind("as PostgreSQL says it")
    for kind in (
        *(errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable, errors.QueryCanceled),
        *(errors.AdminShutdown, errors.CrashShutdown, errors.CannotConnectNow, errors.TooManyConnections),
        *(errors.DiskFull, errors.OutOfMemory, errors.IoError, errors.UndefinedFile, errors.DataCorrupted),
        *(errors.IndexCorrupted, errors.ReadOnlySqlTransaction, errors.InFailedSqlTransaction),
        *(errors.IdleInTransactionSessionTimeout, errors.ConnectionFailure, errors.InternalError_),
        *(errors.InvalidPassword, psycopg.OperationalError, psycopg.InterfaceError),
    )
}


def breaks_on(engine: Engine) -> Mapping[str, Callable[[], Exception]]:
    """What can be met on this database, by name."""
    return {**ON_ANY, **(ON_SQLITE if engine.dialect.name == "sqlite" else ON_POSTGRESQL)}


@dataclass
class Statements:
    """How many were sent, and whether the one that breaks was among them."""

    sent: int = 0
    broke: bool = False


@contextmanager
def breaking(engine: Engine, at: int, error: Callable[[], Exception]) -> Iterator[Statements]:
    """The statement number `at` (from 0) of what is asked meanwhile meets the error; nothing breaks below 0."""
    statements = Statements()

    def count(_statement: str) -> None:
        statements.sent += 1
        if statements.sent == at + 1:
            statements.broke = True
            raise error()

    with told_of_statements(engine, count):
        yield statements


@contextmanager
def told_of_statements(engine: Engine, tell: Callable[[str], None]) -> Iterator[None]:
    """Every statement is told before the driver gets it, by whichever way of SQLAlchemy's or ours it goes there."""
    dialect, kinds = engine.dialect, ("do_execute", "do_execute_no_params", "do_executemany")

    def telling(usual: Callable[..., None]) -> Callable[..., None]:
        def do(cursor: Any, statement: str, *given: Any, **options: Any) -> None:
            tell(statement)
            usual(cursor, statement, *given, **options)

        return do

    for kind in kinds:
        setattr(dialect, kind, telling(getattr(dialect, kind)))
    try:
        yield
    finally:
        for kind in kinds:
            delattr(dialect, kind)


@contextmanager
def ending_breaks(engine: Engine, way: str, error: Callable[[], Exception]) -> Iterator[Statements]:
    """Every `commit` or `rollback` (the way) that the driver is told meanwhile meets the error."""
    ends, dialect = Statements(), engine.dialect
    usual = getattr(dialect, f"do_{way}")

    def fail(connection: Any) -> None:
        if way == "rollback":  # over it is all the same; a commit that fails has not been one
            usual(connection)
        ends.broke = True
        raise error()

    setattr(dialect, f"do_{way}", fail)
    try:
        yield ends
    finally:
        delattr(dialect, f"do_{way}")
