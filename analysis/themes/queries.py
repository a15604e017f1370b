"""Comments to be counted: which agency, what was said, and whether the visit was found wanting. SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists, select

from analysis.periods.release_gate import fetch_released
from survey.foundation.periods import Period
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import SATISFIED
from survey.responses.dropped_words import has_all_words
from survey.responses.models import Rating, Response

BATCH = 2000


@dataclass(frozen=True, kw_only=True)
class CommentScope:
    """Which comments of a province; None means all. `since` and `until` are the first and the last day."""

    province_id: int
    months: tuple[str, ...]
    sector: str | None = None
    agencies: frozenset[int] | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    received_before: dt.datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether none of what was written was dropped for its age."""
        return has_all_words(self.since or Period.parse(min(self.months)).first_day)


def fetch_comment_texts(scope: CommentScope) -> Iterator[tuple[int, str, bool]]:
    """(agency id, text, whether an overall rating beside it was below "hài lòng"), in batches, in no order."""
    below = exists().where(Rating.response_id == Response.id, Rating.value < SATISFIED)
    query = select(Response.agency_id, Response.comment, below).where(
        Response.province_id == scope.province_id,
        Response.month.in_(scope.months),
        Response.comment.is_not(None),
        Response.comment != "",
    )
    if scope.sector is not None:
        query = query.where(Response.sector == scope.sector)
    if scope.agencies is not None:
        query = query.where(Response.agency_id.in_(sorted(scope.agencies)))
    if scope.since is not None:
        query = query.where(Response.day >= scope.since)
    if scope.until is not None:
        query = query.where(Response.day <= scope.until)
    released = fetch_released(scope.province_id, scope.months, scope.received_before)
    query = query.where(released.told(Response))
    for agency_id, text, wanting in db.session.execute(query.execution_options(yield_per=BATCH)):
        yield agency_id, text or "", bool(wanting)
