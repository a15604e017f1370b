"""What exports read, in constant memory: SQL only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from analysis.periods.held_back_queries import TallyCell, fetch_held_tallies
from analysis.periods.release_gate import fetch_released
from survey.foundation.storage.database import db
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.registry.models import Service
from survey.responses.models import NO_SERVICE, Response, Tally

AT_ONCE = 1000


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """Which rows: a province's months, maybe one sector, maybe some agencies; None means all.

    `apart`: answers whose words are left out, because the reader meets them in their case alone.
    """

    province_id: int
    months: tuple[str, ...]
    sector: str | None = None
    agencies: frozenset[int] | None = None
    apart: Select[Any] | None = None


class Tallied(NamedTuple):
    """How often a value was given to an item."""

    month: str
    agency_id: int
    service_id: int
    item: str
    value: int
    times: int


class Received(NamedTuple):
    """How many answers of a sector an agency got in a month."""

    sector: str
    agency_id: int
    month: str
    responses: int


def fetch_received(wanted: Narrowing) -> list[Received]:
    """Of each sector, agency and month the responses that may be told of."""
    place = (Response.sector, Response.agency_id, Response.month)
    query = select(*place, func.count()).where(*_of(wanted)).group_by(*place)
    return [Received(*row) for row in db.session.execute(query)]


def count_responses(wanted: Narrowing) -> int:
    """How many responses may be told of."""
    return db.session.scalar(select(func.count()).select_from(Response).where(*_of(wanted))) or 0


def stream_responses(wanted: Narrowing) -> Iterator[Any]:
    """(month, agency id, day, service id, channel, respondent kind, language, sector, answers, comment).

    Agency by agency inside each month; the id and the moments are not even read.
    """
    query = (
        select(
            Response.month,
            Response.agency_id,
            Response.day,
            Response.service_id,
            Response.channel,
            Response.respondent_kind,
            Response.language,
            Response.sector,
            Response.answers,
            _comment(wanted),
        )
        .where(*_of(wanted))
        .order_by(Response.month, Response.agency_id)
        .execution_options(yield_per=AT_ONCE)
    )
    with closing(db.session.connection().execute(query)) as rows:
        yield from rows


def _comment(wanted: Narrowing) -> ColumnElement[str | None]:
    if wanted.apart is None:
        return Response.comment.label("comment")
    return case((Response.id.not_in(wanted.apart), Response.comment)).label("comment")


def count_tally_rows(wanted: Narrowing, own_items: frozenset[str]) -> int:
    """How many (month, agency, service, item) were rated; of some maybe nothing may be told yet."""
    rated = select(Tally.month, Tally.agency_id, Tally.service_id, Tally.item).where(*_tallied(wanted, own_items))
    return db.session.scalar(select(func.count()).select_from(rated.distinct().subquery())) or 0


def stream_tallies(wanted: Narrowing, own_items: frozenset[str]) -> Iterator[Tallied]:
    """(month, agency id, service id, item, value, count) in that order; `own_items` are those no other sector asks.

    What may not be told yet is not counted.
    """
    query = (
        select(Tally.month, Tally.agency_id, Tally.service_id, Tally.item, Tally.value, Tally.count.label("times"))
        .where(*_tallied(wanted, own_items))
        .order_by(Tally.month, Tally.agency_id, Tally.service_id, Tally.item, Tally.value)
        .execution_options(yield_per=AT_ONCE)
    )
    held = fetch_held_tallies(wanted.province_id, wanted.months, wanted.agencies)
    for row in db.session.execute(query):
        times = row.times - held[TallyCell(*row[:5])]
        if times:
            yield Tallied(*row[:5], times)


def fetch_counted_items() -> set[str]:
    """Codes of all items that were ever answered with something that is counted."""
    return set(db.session.scalars(select(Tally.item).distinct()))


def fetch_definitions() -> list[tuple[str, bool, Mapping[str, Any]]]:
    """(sector, whether it is asked at counters, definition) of every published version, the oldest first."""
    is_default = Questionnaire.key == Questionnaire.sector
    query = (
        select(Questionnaire.sector, is_default, QuestionnaireVersion.definition)
        .join(Questionnaire, Questionnaire.key == QuestionnaireVersion.questionnaire_key)
        .where(QuestionnaireVersion.published_at.is_not(None))
        .order_by(QuestionnaireVersion.id)
    )
    return [(sector, bool(is_asked), definition) for sector, is_asked, definition in db.session.execute(query)]


def _of(wanted: Narrowing) -> list[ColumnElement[bool]]:
    # A span and not a list of months, so that the index gives the rows in order.
    conditions: list[ColumnElement[bool]] = [
        Response.province_id == wanted.province_id,
        Response.month.between(wanted.months[0], wanted.months[-1]),
        fetch_released(wanted.province_id, wanted.months).told(Response),
    ]
    if wanted.sector is not None:
        conditions.append(Response.sector == wanted.sector)
    if wanted.agencies is not None:
        conditions.append(Response.agency_id.in_(sorted(wanted.agencies)))
    return conditions


def _tallied(wanted: Narrowing, own_items: frozenset[str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Tally.province_id == wanted.province_id,
        Tally.month.between(wanted.months[0], wanted.months[-1]),
    ]
    if wanted.sector is not None:
        services = select(Service.id).where(Service.sector == wanted.sector)
        unnamed = and_(Tally.service_id == NO_SERVICE, Tally.item.in_(sorted(own_items)))
        conditions.append(or_(Tally.service_id.in_(services), unnamed))
    if wanted.agencies is not None:
        conditions.append(Tally.agency_id.in_(sorted(wanted.agencies)))
    return conditions
