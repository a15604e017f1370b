"""The door's SQL: fixed statements that insert what is new, count it, and see what was there before."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from survey.foundation.json_rows import InsertRows
from survey.responses.capacity_queries import IN_ITS_HOUR, hourly_capacity, mark_stored
from survey.responses.comments import comment_rows
from survey.responses.models import NO_SERVICE, SAID_BY_RATINGS, Rating, Response, SearchableComment, Tally
from survey.responses.one_statement_queries import insert_at_once
from survey.responses.validation import Checked

CHUNK = 500  # ids a statement
_CELL = ("province_id", "month", "agency_id", "service_id", "item", "value")
# All or none, by the register's stamp; what is there already stays as it is. A writer that is storing the same id at
# this moment is waited for.
_RESPONSES = InsertRows(
    Response.__table__,
    f"WHERE (SELECT sum(stamp) FROM register_stamps) = :stamp ON CONFLICT DO NOTHING RETURNING id, {IN_ITS_HOUR}",
)
_RATINGS = InsertRows(
    Rating.__table__,
    given=SAID_BY_RATINGS,
    beside="CROSS JOIN responses ON responses.id = json_extract(value, '$.response_id')",
)
_COMMENTS = InsertRows(SearchableComment.__table__)
_TALLIES = InsertRows(
    Tally.__table__,
    f"WHERE true ON CONFLICT ({', '.join(_CELL)}) DO UPDATE SET count = tallies.count + excluded.count",
)


def insert_answers(connection: Connection, answers: Sequence[Checked], stamp: int) -> set[uuid.UUID]:
    """Insert and count those that are not there, if the register's stamp still stands; their ids."""
    if not answers:
        return set()
    if connection.dialect.name == "postgresql":
        return insert_at_once(connection, answers, stamp)
    fresh = _insert_responses(connection, [answer.response for answer in answers], stamp)
    stored = [answer for answer in answers if answer.response["id"] in fresh]
    insert_ratings(connection, [rating for answer in stored for rating in answer.ratings])
    insert_comments(connection, comment_rows((answer.response, answer.ratings) for answer in stored))
    add_to_tallies(connection, ((answer.response, answer.items) for answer in stored))
    return fresh


def _insert_responses(connection: Connection, rows: Sequence[Mapping[str, Any]], stamp: int) -> set[uuid.UUID]:
    """Insert those that are not there, if the register's stamp still stands, and mark those beyond capacity."""
    # In the order of ids, so that two senders of the same answers never wait for each other in a ring.
    ordered, capacity = sorted(rows, key=lambda row: row["id"].int), hourly_capacity()
    returned = _RESPONSES.execute(connection, ordered, stamp=stamp, capacity=capacity)
    fresh = {uuid.UUID(id_) for id_, _in_its_hour in returned}
    # SQLite may count before or after it inserts the others of the batch: near the limit they are counted exactly.
    if any(in_its_hour + len(fresh) > capacity for _id, in_its_hour in returned):
        mark_stored(connection, fresh)
    return fresh


def fetch_hashes(connection: Connection | Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Content hash of each of these responses that is stored."""
    wanted = list(ids)
    hash_of: dict[uuid.UUID, str] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(Response.id, Response.content_hash).where(Response.id.in_(wanted[start : start + CHUNK]))
        hash_of.update((id_, hash_) for id_, hash_ in connection.execute(query))
    return hash_of


def insert_ratings(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the ratings of responses just inserted."""
    if rows:
        _RATINGS.execute(connection, rows)


def insert_comments(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the searchable comments of responses just inserted."""
    if rows:
        _COMMENTS.execute(connection, rows)


def add_to_tallies(connection: Connection, counted: Iterable[tuple[dict[str, Any], list[tuple[str, int]]]]) -> None:
    """Count item values, in a fixed order of keys so that two writers never wait for each other in a ring."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for response, items in counted:
        cell = (response["province_id"], response["month"], response["agency_id"], response["service_id"] or NO_SERVICE)
        for item, value in items:
            counts[(*cell, item, value)] += 1
    rows = [{**dict(zip(_CELL, key, strict=True)), "count": count} for key, count in sorted(counts.items())]
    if rows:
        _TALLIES.execute(connection, rows)
