"""SQLite's write-ahead log keeps pages as they were, in the order they were written, until others take their places.

Whoever copies the files of a running server would read there what was erased, and in which order answers came.
"""

from __future__ import annotations

from survey.foundation.database import db, end_reading


def empty_log() -> None:
    """Move what the log holds into the database and leave the log empty. PostgreSQL has none of ours to empty.

    Waits for whoever reads or writes, half a minute at most; what is still read then stays until the next time.
    """
    end_reading()
    if db.engine.dialect.name != "sqlite":
        return
    connection = db.engine.raw_connection()  # SQLAlchemy's own would begin a transaction, in which nothing is moved
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()
