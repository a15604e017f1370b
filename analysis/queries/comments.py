"""Comments with what was rated beside them, the newest first: SQL only."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Uuid, exists, func, literal, select, tuple_

from survey.agencies.models import Agency, Service
from survey.foundation.database import Instant, db
from survey.responses.models import Rating, Response

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class CommentFilter:
    """Which comments; None means all."""

    province_id: int
    months: tuple[str, ...]
    sector: str | None = None
    agencies: frozenset[int] | None = None
    service: str | None = None
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as stored; `service` is None where it was not named."""

    id: uuid.UUID
    answered_at: dt.datetime
    day: dt.date
    agency: str
    service: str | None
    channel: str
    text: str


def fetch_comments(wanted: CommentFilter, after: tuple[dt.datetime, uuid.UUID] | None = None) -> Iterator[Comment]:
    """Comments one by one, fetched in batches; `after` is the place of the last one seen."""
    place = after
    while True:
        batch = _batch(wanted, place)
        yield from batch
        if len(batch) < BATCH:
            return
        place = (batch[-1].answered_at, batch[-1].id)


def fetch_ratings(ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """The overall ratings of some responses, by subject."""
    found: dict[uuid.UUID, dict[str, int]] = {id_: {} for id_ in ids}
    rows = db.session.execute(
        select(Rating.response_id, Rating.subject, Rating.value).where(
            Rating.response_id.in_(ids), Rating.subject != "procedures_and_service"
        )
    )
    for id_, subject, value in rows:
        found[id_][subject] = value
    return found


def _batch(wanted: CommentFilter, after: tuple[dt.datetime, uuid.UUID] | None) -> list[Comment]:
    query = (
        select(
            Response.id,
            Response.answered_at,
            Response.day,
            Agency.name,
            Service.name,
            Response.channel,
            func.coalesce(Response.comment, ""),
        )
        .join(Agency, Agency.id == Response.agency_id)
        .outerjoin(Service, Service.id == Response.service_id)
        .where(*_conditions(wanted))
        .order_by(Response.answered_at.desc(), Response.id.desc())
        .limit(BATCH)
    )
    if after is not None:
        at, id_ = after
        last = tuple_(literal(at, Instant()), literal(id_, Uuid()))
        query = query.where(tuple_(Response.answered_at, Response.id) < last)
    return [Comment(*row) for row in db.session.execute(query)]


def _conditions(wanted: CommentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Response.province_id == wanted.province_id,
        Response.month.in_(wanted.months),
        Response.comment.is_not(None),
    ]
    if wanted.sector is not None:
        conditions.append(Response.sector == wanted.sector)
    if wanted.agencies is not None:
        conditions.append(Response.agency_id.in_(sorted(wanted.agencies)))
    if wanted.service is not None:
        conditions.append(Service.code == wanted.service)
    if wanted.rating is not None:
        conditions.append(exists().where(Rating.response_id == Response.id, Rating.value == wanted.rating))
    return conditions
