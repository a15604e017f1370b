"""SQLite's write-ahead log keeps pages as they were, in the order they were written, until others take their places.

Whoever copies the files of a running server would read there what was erased, and in which order answers came.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from survey.foundation.storage.database import db, end_reading

TRIES = 30
PAUSE = 1  # seconds between tries, and how long one waits for whoever reads: others cannot write meanwhile


def empty_log() -> bool:
    """Move what the log holds into the database and leave the log empty; False where somebody read all the time.

    What could not be moved then is moved the next time. PostgreSQL has no log of ours to empty.
    """
    end_reading()
    path = db.engine.url.database
    if db.engine.dialect.name != "sqlite" or path in (None, "", ":memory:"):
        return True
    with closing(sqlite3.connect(path, timeout=PAUSE)) as connection:
        for _try in range(TRIES):
            (is_busy, _pages, _moved) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                return True
            time.sleep(PAUSE)
    return False
