"""Marks, at the door, the answers beyond what a counter can serve in an hour: none is refused, their share is told.

Only answers that say themselves when they were given are looked at: paper and files are typed in later. Nobody's
address is looked at: a family behind one of them counts like any other visitors. SQL only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import current_app
from sqlalchemy.engine import Connection

from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.driver_statements import run
from survey.foundation.vocabulary import LIVE_CHANNELS

_CHANNELS = ", ".join(f"'{channel}'" for channel in sorted(LIVE_CHANNELS))
_LIVE = f"counter_id IS NOT NULL AND channel IN ({_CHANNELS})"
_HOUR = "counter_id, day, answered_at"
# What SQLite's insertion of one answer returns beside its id: how many are now in its hour, itself among them. They are
# counted only as far as it matters: each answer of a flood would cost more than the one before.
IN_ITS_HOUR = (
    f"CASE WHEN {_LIVE} THEN (SELECT count(*) FROM (SELECT 1 FROM responses AS other "
    "WHERE other.counter_id = responses.counter_id AND other.day = responses.day "
    "AND other.answered_at = responses.answered_at LIMIT ? + 1)) ELSE 0 END AS in_its_hour"
)
_PLACES = f"SELECT id, {_HOUR}, row_number() OVER (PARTITION BY {_HOUR} ORDER BY id) AS place"
# Part of PostgreSQL's one statement, which does not see yet what it inserts itself (`new`). Its function (migration
# 0037) is planned with the index whatever the table held when a connection first stored an answer.
MARK_NEW = (
    f"INSERT INTO answers_beyond_capacity (response_id) SELECT id FROM ({_PLACES} FROM new WHERE {_LIVE}) AS fresh "
    f"JOIN (SELECT {_HOUR}, answers_in_hour({_HOUR}, %(capacity)s) AS earlier FROM new WHERE {_LIVE} GROUP BY {_HOUR}) "
    f"AS hours USING ({_HOUR}) WHERE place + earlier > %(capacity)s"
)
_MARK = "INSERT INTO answers_beyond_capacity (response_id) SELECT value FROM json_each(:ids)"


def hourly_capacity() -> int:
    """How many answers an hour a counter can serve."""
    settings: Settings = current_app.extensions["settings"]
    return settings.counter_capacity


def mark_beyond_capacity(connection: Connection, ids: Sequence[str]) -> None:
    """On SQLite: mark answers by their stored ids."""
    run(connection, _MARK, {"ids": json.dumps(ids)})
