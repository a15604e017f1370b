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

from sqlalchemy.exc import OperationalError

PATIENCE = 30.0  # seconds, as SQLite's own
_of_this_process: dict[str, Lock] = defaultdict(Lock)


class QueueingConnection(sqlite3.Connection):
    """A connection that waits in line before a transaction that writes, and leaves it with the transaction's end."""

    _line: int | None = None
    _lock: Lock | None = None
    _holds = False

    def wait_in_line(self, path: str) -> None:
        """Wait until every other writer of the database at `path` is done.

        Raises:
            sqlalchemy.exc.OperationalError: another writer of this process took too long, or nobody may write there.
        """
        if self._line is None:
            self._lock = _of_this_process[path]
            self._line = _opened(f"{path}-writers")
        assert self._lock is not None
        if not self._lock.acquire(timeout=PATIENCE):
            error = sqlite3.OperationalError("database is locked: another writer takes too long")
            raise OperationalError("BEGIN IMMEDIATE", None, error)
        self._holds = True
        fcntl.flock(self._line, fcntl.LOCK_EX)

    def commit(self) -> None:
        """Commit, then let the next one write."""
        super().commit()
        self.leave_line()

    def rollback(self) -> None:
        """Undo, then let the next one write."""
        try:
            super().rollback()
        finally:
            self.leave_line()

    def close(self) -> None:
        """Close the database and the place in the line."""
        try:
            super().close()
        finally:
            self.leave_line()
            if self._line is not None:
                os.close(self._line)
                self._line = None

    def leave_line(self) -> None:
        """Let the next one write."""
        if self._holds and self._lock is not None and self._line is not None:
            self._holds = False
            fcntl.flock(self._line, fcntl.LOCK_UN)
            self._lock.release()


def _opened(line: str) -> int:
    try:
        return os.open(line, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:  # where SQLite could not keep its journal either
        said = sqlite3.OperationalError(f"attempt to write a readonly database ({error.strerror})")
        raise OperationalError("BEGIN IMMEDIATE", None, said) from error
