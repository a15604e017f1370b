"""What the answers that may not be told yet would add to the tallies, which know no moment of arrival. SQL only."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import TableValuedAlias, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB

from analysis.periods.release_gate import fetch_released
from analysis.periods.release_queries import fetch_marks
from survey.foundation.storage.database import db
from survey.responses.models import NO_SERVICE, Response


class TallyCell(NamedTuple):
    """The key of a tally within its province."""

    month: str
    agency_id: int
    service_id: int
    item: str
    value: int


def fetch_held_tallies(
    province_id: int, months: tuple[str, ...], agency_ids: Collection[int] | None = None
) -> Counter[TallyCell]:
    """How much of each tally of these months may not be told yet: a few dozen answers of each agency at most."""
    tallies: Counter[TallyCell] = Counter()
    released = fetch_released(province_id, months)
    if not released.months:
        return tallies
    query = select(Response.month, Response.agency_id, Response.service_id, Response.answers).where(
        Response.province_id == province_id, released.held_back(Response, released.months)
    )
    if agency_ids is not None:
        query = query.where(Response.agency_id.in_(sorted(agency_ids)))
    for month, agency_id, service_id, answers in db.session.execute(query):
        for item, value in answers.items():
            if isinstance(value, int):
                tallies[TallyCell(month, agency_id, service_id or NO_SERVICE, item, value)] += 1
    return tallies


def fetch_held_values(
    province_id: int,
    months: tuple[str, ...],
    agency_ids: Collection[int] | None,
    services: Collection[int],
    item: str | None = None,
    closed_at: dt.datetime | None = None,
) -> Counter[tuple[str, int]]:
    """The same summed over agencies and services (0: none named), by item (or of this one) and value.

    The database adds up. `closed_at`: what came since the period of these months was closed is in none of its figures.
    """
    released = fetch_released(province_id, months, closed_at)
    holding = sorted({*released.months, *_months_with_late(province_id, months, closed_at)})
    if not holding:
        return Counter()
    items = _items_of_answers()
    query = (
        select(items.c.key, items.c.value, func.count())
        .select_from(Response)
        .join(items, true())
        .where(
            Response.province_id == province_id,
            released.held_back(Response, holding),
            func.coalesce(Response.service_id, NO_SERVICE).in_(sorted(services)),
        )
        .group_by(items.c.key, items.c.value)
    )
    if agency_ids is not None:
        query = query.where(Response.agency_id.in_(sorted(agency_ids)))
    if item is not None:
        query = query.where(items.c.key == item)
    return Counter({(key, value): n for key, value, n in db.session.execute(query) if isinstance(value, int)})


def _months_with_late(province_id: int, months: tuple[str, ...], closed_at: dt.datetime | None) -> set[str]:
    if closed_at is None:
        return set()
    return {mark.place.month for mark in fetch_marks(province_id, months) if mark.latest >= closed_at}


def _items_of_answers() -> TableValuedAlias:
    if db.engine.dialect.name == "postgresql":
        return func.jsonb_each(Response.answers).table_valued("key", column("value", JSONB))
    return func.json_each(Response.answers).table_valued("key", "value")
