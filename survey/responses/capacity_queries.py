"""Marks, at the door, the answers beyond what a counter can serve in an hour: none is refused, their share is told.

Only answers that say themselves when they were given are looked at: paper and files are typed in later. Nobody's
address is looked at: a family behind one of them counts like any other visitors. SQL only.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection

from flask import current_app
from sqlalchemy.engine import Connection

from survey.foundation.settings import Settings
from survey.foundation.vocabulary import LIVE_CHANNELS

_CHANNELS = ", ".join(f"'{channel}'" for channel in sorted(LIVE_CHANNELS))
_LIVE = f"counter_id IS NOT NULL AND channel IN ({_CHANNELS})"
_HOUR = "counter_id, day, answered_at"
_SAME_HOUR = (
    "SELECT count(*) FROM responses AS other WHERE other.counter_id = fresh.counter_id AND other.day = fresh.day "
    "AND other.answered_at = fresh.answered_at"
)
# What SQLite's insertion returns beside an id: how many are in its hour, counted as far as it matters.
IN_ITS_HOUR = (
    f"CASE WHEN {_LIVE} THEN (SELECT count(*) FROM (SELECT 1 FROM responses AS other "
    "WHERE other.counter_id = responses.counter_id AND other.day = responses.day "
    "AND other.answered_at = responses.answered_at LIMIT :capacity + 1)) ELSE 0 END AS in_its_hour"
)
_PLACES = (
    f"SELECT id, {_HOUR}, row_number() OVER (PARTITION BY {_HOUR} ORDER BY id) AS place, "
    f"count(*) OVER (PARTITION BY {_HOUR}) AS together"
)
# Part of PostgreSQL's one statement, which does not see yet what it inserts itself (`new`). Its function (migration
# 0034) is planned with the index whatever the table held when a connection first stored an answer.
MARK_NEW = (
    f"INSERT INTO answers_beyond_capacity (response_id) SELECT id FROM ({_PLACES} FROM new WHERE {_LIVE}) AS fresh "
    "WHERE place + answers_in_hour(fresh.counter_id, fresh.day, fresh.answered_at) > %(capacity)s"
)
_MARK_STORED = (
    f"INSERT INTO answers_beyond_capacity (response_id) SELECT id FROM ({_PLACES} FROM responses "
    f"WHERE id IN (SELECT value FROM json_each(:ids)) AND {_LIVE}) AS fresh "
    f"WHERE place - together + ({_SAME_HOUR}) > :capacity"
)


def hourly_capacity() -> int:
    """How many answers an hour a counter can serve."""
    settings: Settings = current_app.extensions["settings"]
    return settings.counter_capacity


def mark_stored(connection: Connection, ids: Collection[uuid.UUID]) -> None:
    """On SQLite: mark what of that just stored is beyond its counter's capacity."""
    connection.exec_driver_sql(
        _MARK_STORED, {"ids": json.dumps(sorted(id_.hex for id_ in ids)), "capacity": hourly_capacity()}
    )
