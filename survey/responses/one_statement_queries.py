"""An answer, its ratings, its comment and its counts in one statement of PostgreSQL: one wait for server and disk.

What is here and what `queries` does one after the other on SQLite is the same; tests/responses run on both.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from itertools import repeat
from operator import itemgetter

from sqlalchemy import Table
from sqlalchemy.engine import Connection

from survey.foundation.storage.driver_statements import run
from survey.foundation.storage.json_rows import json_rows
from survey.responses.capacity_queries import MARK_NEW, hourly_capacity
from survey.responses.comments import comment_rows
from survey.responses.models import SAID_BY_RATINGS, Rating, Response, SearchableComment
from survey.responses.validation import Checked


def _names(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


def _rows_of_new(table: Table) -> str:
    names = _names(table)
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table.name}, "
        f"%({table.name})s) WHERE response_id IN (SELECT id FROM new)"
    )


_RATED = (
    f"INSERT INTO ratings ({_names(Rating.__table__)}) SELECT {_names(Rating.__table__)} "
    "FROM new JOIN unnest(%(rated)s::uuid[], %(subject)s::text[], %(value)s::smallint[], "
    "%(items_answered)s::smallint[], %(items_satisfied)s::smallint[]) "
    "AS given (response_id, subject, value, items_answered, items_satisfied) ON response_id = id"
)
_RATING, _ITEM = ("rated", "subject", "value", "items_answered", "items_satisfied"), ("counted", "item", "item_value")
_rating = itemgetter(*_RATING[1:])
_OF_RATINGS = ", ".join(
    sorted(column.name for column in Rating.__table__.columns if column.name not in SAID_BY_RATINGS)
)
# All or none, by the register's stamp; what is there already stays as it is. A writer that is storing the same id at
# this moment is waited for. Ids and cells come in a fixed order, so that two writers never wait for each other in a
# ring.
# PostgreSQL plans the check of a foreign key once a connection, by what the table holds at that moment: while that is
# one page, by reading all of it, and so it would go on for each row of thousands. Until the transaction ends nothing is
# therefore planned without an index that has one.
_INSERT = f"""
WITH new AS (
    INSERT INTO responses ({_names(Response.__table__)})
    SELECT {_names(Response.__table__)} FROM json_populate_recordset(NULL::responses, %(responses)s),
        set_config('enable_seqscan', 'off', true)
    WHERE (SELECT sum(stamp) FROM register_stamps) = %(stamp)s
    ON CONFLICT DO NOTHING RETURNING id, answered_at, {_OF_RATINGS}
), rated AS ({_RATED}), found AS ({_rows_of_new(SearchableComment.__table__)}),
marked AS ({MARK_NEW}), counted AS (
    INSERT INTO tallies (province_id, month, agency_id, service_id, item, value, count)
    SELECT province_id, month, agency_id, coalesce(service_id, 0), item, value, count(*)
    FROM new JOIN unnest(%(counted)s::uuid[], %(item)s::text[], %(item_value)s::smallint[])
        AS given (response_id, item, value) ON response_id = id
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (province_id, month, agency_id, service_id, item, value)
    DO UPDATE SET count = tallies.count + excluded.count
) SELECT id FROM new"""


def insert_at_once(connection: Connection, answers: Sequence[Checked], stamp: int) -> set[uuid.UUID]:
    """Insert and count those that are not there, if the register's stamp still stands; their ids."""
    ordered = sorted(answers, key=lambda answer: answer.response["id"].int)
    named = [(str(answer.response["id"]), answer) for answer in ordered]  # an id stands in many rows: written out once
    parameters = {
        "stamp": stamp,
        "capacity": hourly_capacity(),
        "responses": json_rows([answer.response for answer in ordered]),
        "searchable_comments": json_rows(comment_rows((answer.response, answer.ratings) for answer in ordered)),
        **_arrays(_RATING, [(id_, *_rating(rating)) for id_, answer in named for rating in answer.ratings]),
        **_arrays(_ITEM, [(id_, *item) for id_, answer in named for item in answer.items]),
    }
    return {id_ for (id_,) in run(connection, _INSERT, parameters)}


def _arrays(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> dict[str, str]:
    """Columns of ids, codes and numbers, in which no sign has to be escaped, as PostgreSQL reads arrays.

    In quotes: an item may be called ``null``.
    """
    columns = zip(*rows, strict=True) if rows else repeat(())
    return {name: _array(column) for name, column in zip(names, columns, strict=False)}


def _array(column: Sequence[object]) -> str:
    return "{" + ",".join(f'"{value}"' for value in column) + "}"
