"""The order rows lie in on the disk: on SQLite that of coming in, which its own number of a row tells. SQL only."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text
from sqlalchemy.orm import Session

# Answers and what hangs on them; other tables are keyed by chance, or say nothing of one citizen.
_BY_ANSWER = ("ratings", "answers_beyond_capacity", "queue_file_answers")
_BY_CHANCE = "rowid = -(random() & 4611686018427387903) - 1"
_NEW = "received_at >= :since"
_SHUFFLE = (
    text(f"UPDATE responses SET {_BY_CHANCE} WHERE {_NEW}"),
    *(
        text(f"UPDATE {table} SET {_BY_CHANCE} WHERE response_id IN (SELECT id FROM responses WHERE {_NEW})")
        for table in _BY_ANSWER
    ),
)


def shuffle_rows(session: Session, since: dt.datetime) -> None:
    """Lay what was received since an instant anywhere among the rows.

    PostgreSQL has no such number; where its rows lie in its own files is beyond a statement that stops nobody.
    """
    if session.get_bind().dialect.name != "sqlite":
        return
    for statement in _SHUFFLE:
        session.execute(statement, {"since": since.strftime("%Y-%m-%d %H:%M:%S")})
