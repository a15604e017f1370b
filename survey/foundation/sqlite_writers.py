"""SQLite's writers wait in line: asleep until it is their turn, instead of asking again and again whether it is.

SQLite lets a second writer poll with growing pauses, so that under load some wait for seconds while the lock is free in
between. Here each takes a lock of its process and then one of the machine (a file beside the database, `flock`) before
it begins, and gives both back when its transaction is over, committed or not.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections import defaultdict
from threading import Lock
from typing import Any

PATIENCE = 30.0  # seconds, as SQLite's own
_of_this_process: dict[str, Lock] = defaultdict(Lock)


class QueueingConnection(sqlite3.Connection):
    """A connection whose write transactions begin with `begin_writing`."""

    _line: int | None = None
    _lock: Lock | None = None
    _holds = False

    def begin_writing(self, path: str) -> None:
        """Begin a transaction that writes, once every other writer is done.

        Raises:
            sqlite3.OperationalError: another writer of this process took too long.
        """
        if self._line is None:
            self._lock = _of_this_process[path]
            self._line = os.open(f"{path}-writers", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        assert self._lock is not None
        if not self._lock.acquire(timeout=PATIENCE):
            raise sqlite3.OperationalError("database is locked: another writer takes too long")
        self._holds = True
        try:
            fcntl.flock(self._line, fcntl.LOCK_EX)
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._leave_line()
            raise

    def commit(self) -> None:
        """Commit, then let the next one write."""
        super().commit()
        self._leave_line()

    def rollback(self) -> None:
        """Undo, then let the next one write."""
        try:
            super().rollback()
        finally:
            self._leave_line()

    def close(self) -> None:
        """Close the database and the place in the line."""
        try:
            super().close()
        finally:
            self._leave_line()
            if self._line is not None:
                os.close(self._line)
                self._line = None

    def _leave_line(self) -> None:
        if self._holds and self._lock is not None and self._line is not None:
            self._holds = False
            fcntl.flock(self._line, fcntl.LOCK_UN)
            self._lock.release()


def begin(connection: Any, database: str | None, *, writes: bool) -> None:
    """Begin a transaction of a DBAPI connection."""
    if writes and database and isinstance(connection, QueueingConnection):
        connection.begin_writing(database)
    else:
        connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
