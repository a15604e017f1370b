"""Comments with what was rated beside them, in the order of time: SQL only.

What is asked for is looked up in the narrow table of searchable comments; only what a page shows is read from the
wide rows of responses.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, literal, select, tuple_

from analysis.periods.release_gate import fetch_released
from analysis.periods.released import Released
from survey.foundation.storage.database import Instant, db
from survey.registry.models import Agency, Service
from survey.responses.comments import rating_bit
from survey.responses.models import Rating, Response
from survey.responses.models import SearchableComment as Searchable

CommentPosition = tuple[dt.datetime, uuid.UUID]  # where a comment stands among all: instant and response
NO_FACE = 0
WORST_FIRST = (1, 2, 3, NO_FACE, 4, 5)  # what there is to mend before praise


@dataclass(frozen=True, kw_only=True)
class CommentFilter:
    """Which comments: answered from `since` to before `until`, in `months`; None and '' mean all.

    `text` is already folded; `worst_first`: by the lowest face given, then by time; `lowest`: those alone whose lowest
    face it is (NO_FACE: none was given); `apart`: answers whose words the reader meets in their case alone. What may
    not be told yet (analysis.periods.release_gate) is left out.
    """

    province_id: int
    months: tuple[str, ...]
    since: dt.datetime
    until: dt.datetime
    text: str = ""
    sector: str | None = None
    agencies: frozenset[int] | None = None
    service: str | None = None
    ratings: tuple[int, ...] = ()
    oldest_first: bool = False
    worst_first: bool = False
    lowest: int | None = None
    apart: Select[Any] | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as stored; `service` is None where it was not named. `ratings` by subject, 1-5."""

    place: CommentPosition
    day: dt.date
    agency: str
    agency_code: str
    service: str | None
    channel: str
    text: str
    ratings: dict[str, int]
    sector: str
    agency_id: int


def fetch_comments(wanted: CommentFilter, limit: int, after: CommentPosition | None = None) -> list[Comment]:
    """The first comments in the order wanted; `after` is the place of the last one seen."""
    place = (Searchable.answered_at, Searchable.response_id)
    order = place if wanted.oldest_first else [column.desc() for column in place]
    query = select(*place).where(*_conditions(wanted)).order_by(*order).limit(limit)
    if after is not None:
        at, id_ = after
        last = tuple_(literal(at, Instant()), literal(id_, Uuid()))
        query = query.where(tuple_(*place) > last if wanted.oldest_first else tuple_(*place) < last)
    return _read([(at, id_) for at, id_ in db.session.execute(query)])


def iterate_comments(
    wanted: CommentFilter, batch: int = 500, after: CommentPosition | None = None
) -> Iterator[Comment]:
    """All of them one by one, fetched in batches, beginning after the place `after`."""
    for part, place in _parts(wanted, after):
        while comments := fetch_comments(part, batch, place):
            yield from comments
            place = comments[-1].place


def _parts(wanted: CommentFilter, after: CommentPosition | None) -> list[tuple[CommentFilter, CommentPosition | None]]:
    """A part for each face where the worst come first: within one, the index of time gives the order."""
    if not wanted.worst_first:
        return [(wanted, after)]
    bits = None if after is None else db.session.scalar(select(Searchable.ratings).filter_by(response_id=after[1]))
    if bits is None:
        begin, after = 0, None
    else:
        given = (value for value in WORST_FIRST if bits & rating_bit(value))
        begin = WORST_FIRST.index(min(given, default=NO_FACE))
    faces = WORST_FIRST[begin:]
    return [(replace(wanted, lowest=face), after if face == faces[0] else None) for face in faces]


def _read(places: list[CommentPosition]) -> list[Comment]:
    ids = [id_ for _at, id_ in places]
    ratings = _ratings(ids)
    query = (
        select(
            Response.id,
            Response.day,
            Agency.name,
            Agency.code,
            Service.name,
            Response.channel,
            Response.comment,
            Response.sector,
            Response.agency_id,
        )
        .join(Agency, Agency.id == Response.agency_id)
        .outerjoin(Service, Service.id == Response.service_id)
        .where(Response.id.in_(ids))
    )
    rows = {row[0]: row[1:] for row in db.session.execute(query)}
    return [
        Comment(place, day, agency, code, service, channel, text or "", ratings[place[1]], sector, agency_id)
        for place in places
        for day, agency, code, service, channel, text, sector, agency_id in [rows[place[1]]]
    ]


def _ratings(ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    ratings_of: dict[uuid.UUID, dict[str, int]] = {id_: {} for id_ in ids}
    rows = db.session.execute(
        select(Rating.response_id, Rating.subject, Rating.value).where(
            Rating.response_id.in_(ids), Rating.subject != "procedures_and_service"
        )
    )
    for id_, subject, value in rows:
        ratings_of[id_][subject] = value
    return ratings_of


def _conditions(wanted: CommentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Searchable.province_id == wanted.province_id,
        Searchable.answered_at >= wanted.since,
        Searchable.answered_at < wanted.until,
    ]
    released = fetch_released(wanted.province_id, wanted.months)
    if released.months:
        conditions.append(Searchable.response_id.not_in(_held_back(wanted.province_id, released)))
    if wanted.apart is not None:
        conditions.append(Searchable.response_id.not_in(wanted.apart))
    if wanted.text:
        conditions.append(_holds(wanted.text))
    if wanted.sector is not None:
        conditions.append(Searchable.sector == wanted.sector)
    if wanted.agencies is not None:
        conditions.append(Searchable.agency_id.in_(sorted(wanted.agencies)))
    if wanted.service is not None:
        conditions.append(
            Searchable.service_id == select(Service.id).where(Service.code == wanted.service).scalar_subquery()
        )
    if wanted.lowest is not None:
        below = sum(rating_bit(value) for value in range(1, wanted.lowest or max(WORST_FIRST) + 1))
        own = rating_bit(wanted.lowest) if wanted.lowest else 0
        conditions.append(Searchable.ratings.bitwise_and(below + own) == own)
    if wanted.ratings:
        bits = sum(rating_bit(value) for value in wanted.ratings)
        conditions.append(Searchable.ratings.bitwise_and(bits) != 0)
    return conditions


def _held_back(province_id: int, released: Released) -> Select[Any]:
    held = released.held_back(Response, released.months)
    return select(Response.id).where(Response.province_id == province_id, held, Response.comment.is_not(None))


def _holds(text: str) -> ColumnElement[bool]:
    """Whether a comment holds these words.

    They stand in the statement itself: a plan that PostgreSQL keeps for every word would look for a rare one by the
    index, row by row, thirty times as long.
    """
    pattern = "".join(f"/{letter}" if letter in "/%_" else letter for letter in text)
    return Searchable.folded.like(bindparam(None, f"%{pattern}%", literal_execute=True), escape="/")
