"""The door's SQL: insert what is new, count it, and see what was there before. One dialect-aware place."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.responses.models import NO_SERVICE, Rating, Response, SearchableComment, Tally

CHUNK = 500  # rows a statement: SQLite allows 32,766 parameters
_RATING = ", ".join(column.name for column in Rating.__table__.columns)
_RATINGS_AT_ONCE = text(
    f"INSERT INTO ratings ({_RATING}) SELECT {_RATING} FROM json_populate_recordset(NULL::ratings, :rows)"
)


def fetch_hashes(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Content hash of each of these responses that is stored."""
    wanted = list(ids)
    found: dict[uuid.UUID, str] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(Response.id, Response.content_hash).where(Response.id.in_(wanted[start : start + CHUNK]))
        found.update((id_, hash_) for id_, hash_ in session.execute(query))
    return found


def insert_responses(session: Session, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Insert responses that were not there a moment ago; False when another writer stored one of them meanwhile.

    All or nothing, in a savepoint: after False the caller looks again at what is there.
    """
    # In the order of ids, so that two senders of the same answers never wait for each other in a ring.
    ordered = sorted(rows, key=lambda row: row["id"])
    try:
        with session.begin_nested():
            session.connection().execute(insert(Response.__table__), ordered)
    except IntegrityError:
        if not fetch_hashes(session, (row["id"] for row in rows)):
            raise  # not a race but a row the database refuses
        return False
    return True


def insert_ratings(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the ratings of responses just inserted."""
    # Each marks its agency's month: in a fixed order, so that two writers never wait for each other in a ring.
    ordered = sorted(rows, key=lambda row: (row["province_id"], row["subject"], row["month"], row["agency_id"]))
    if not ordered:
        return
    if _dialect(session) is postgresql:
        # One statement for all: row by row, each would run the triggers that mark its month.
        session.connection().execute(_RATINGS_AT_ONCE, {"rows": json.dumps(ordered, default=str)})
    else:
        session.connection().execute(insert(Rating.__table__), ordered)


def insert_comments(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the searchable comments of responses just inserted."""
    if rows:
        session.connection().execute(insert(SearchableComment.__table__), list(rows))


def add_to_tallies(session: Session, counted: Iterable[tuple[dict[str, Any], list[tuple[str, int]]]]) -> None:
    """Count item values, in a fixed order of keys so that two writers never wait for each other in a ring."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for response, items in counted:
        cell = (response["province_id"], response["month"], response["agency_id"], response["service_id"] or NO_SERVICE)
        for item, value in items:
            counts[(*cell, item, value)] += 1
    keys = ("province_id", "month", "agency_id", "service_id", "item", "value")
    rows = [{**dict(zip(keys, key, strict=True)), "count": count} for key, count in sorted(counts.items())]
    if rows:
        statement = _dialect(session).insert(Tally.__table__)
        added = {"count": Tally.count + statement.excluded.count}
        session.connection().execute(statement.on_conflict_do_update(index_elements=list(keys), set_=added), rows)


def _dialect(session: Session) -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
