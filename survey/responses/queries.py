"""The door's SQL: fixed statements that insert what is new, count it, and see what was there before."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from survey.foundation.batched import batched
from survey.foundation.storage.json_rows import InsertRows
from survey.responses.capacity_queries import IN_ITS_HOUR, hourly_capacity, mark_beyond_capacity
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
    f"AND (SELECT sum(stamp) FROM register_stamps) = ? ON CONFLICT DO NOTHING RETURNING id, {IN_ITS_HOUR}",
)
_RATINGS = InsertRows(
    Rating.__table__,
    given=SAID_BY_RATINGS,
    beside="CROSS JOIN responses ON responses.id = {response_id}",
)
_COMMENTS = InsertRows(SearchableComment.__table__)
_TALLIES = InsertRows(
    Tally.__table__,
    f"ON CONFLICT ({', '.join(_CELL)}) DO UPDATE SET count = tallies.count + excluded.count",
)


class Rows(NamedTuple):
    """Answers of these ids as SQLite's statements take them: what takes long can be made before the lock is taken."""

    id_of: dict[str, uuid.UUID]  # by how it is stored
    responses: list[tuple[Any, ...]]
    ratings: list[tuple[Any, ...]]
    comments: list[tuple[Any, ...]]
    tallies: list[tuple[Any, ...]]


def rows_of(answers: Iterable[Checked]) -> Rows:
    """The rows of answers, none of them twice, as if none was stored yet."""
    # In the order of ids, so that two senders of the same answers never wait for each other in a ring.
    ordered = sorted(answers, key=lambda answer: answer.response["id"].int)
    named = [(answer.response["id"].hex, answer) for answer in ordered]  # an id stands in many rows: written out once
    return Rows(
        {id_: answer.response["id"] for id_, answer in named},
        [_RESPONSES.parameters(answer.response) for answer in ordered],
        [_RATINGS.in_order(rating | {"response_id": id_}) for id_, answer in named for rating in answer.ratings],
        [_COMMENTS.parameters(row) for row in comment_rows((answer.response, answer.ratings) for answer in ordered)],
        _tallied(ordered),
    )


def insert_answers(
    connection: Connection, answers: Sequence[Checked], stamp: int, rows: Rows | None = None
) -> set[uuid.UUID]:
    """Insert and count those that are not there, if the register's stamp still stands; their ids.

    `rows`: theirs, for SQLite, if they were made before.
    """
    if not answers:
        return set()
    if connection.dialect.name == "postgresql":
        return insert_at_once(connection, answers, stamp)
    rows = rows or rows_of(answers)
    fresh = _insert_responses(connection, rows, stamp)
    if len(fresh) < len(rows.id_of):
        rows = rows_of(answer for answer in answers if answer.response["id"] in fresh)
    _RATINGS.execute(connection, rows.ratings)
    _COMMENTS.execute(connection, rows.comments)
    add_to_tallies(connection, rows.tallies)
    return fresh


def _insert_responses(connection: Connection, rows: Rows, stamp: int) -> set[uuid.UUID]:
    """Insert those that are not there, if the register's stamp still stands, and mark those beyond capacity."""
    capacity = hourly_capacity()
    returned = _RESPONSES.execute(connection, rows.responses, stamp, capacity)
    if beyond := [id_ for id_, in_its_hour in returned if in_its_hour > capacity]:
        mark_beyond_capacity(connection, beyond)
    return {rows.id_of[id_] for id_, _in_its_hour in returned}


def fetch_hashes(connection: Connection | Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Content hash of each of these responses that is stored."""
    hash_of: dict[uuid.UUID, str] = {}
    for some in batched(ids, CHUNK):
        query = select(Response.id, Response.content_hash).where(Response.id.in_(some))
        hash_of.update((id_, hash_) for id_, hash_ in connection.execute(query))
    return hash_of


def add_to_tallies(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Count item values."""
    _TALLIES.execute(connection, rows)


def _tallied(answers: Iterable[Checked]) -> list[tuple[Any, ...]]:
    """Cells and counts, in a fixed order of keys so that two writers never wait for each other in a ring."""
    items_of: defaultdict[tuple[Any, ...], list[tuple[str, int]]] = defaultdict(list)
    for answer in answers:
        of = answer.response
        items_of[of["province_id"], of["month"], of["agency_id"], of["service_id"] or NO_SERVICE] += answer.items
    return sorted((*cell, *item, count) for cell, items in items_of.items() for item, count in Counter(items).items())
