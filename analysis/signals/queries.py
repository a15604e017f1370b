"""What detectors look at, and the signals themselves: SQL only."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from analysis.periods.released import EVERYTHING, Released
from analysis.signals.models import OPEN, Signal
from survey.devices.queries import fetch_place
from survey.foundation.batched import batched
from survey.foundation.periods import month_label
from survey.foundation.storage.database import db
from survey.foundation.vocabulary import CHANNELS, LIVE_CHANNELS
from survey.questionnaires.counter_services import ServicePoint, offers_at
from survey.registry.models import Agency, Caseload, Counter, Service
from survey.responses.models import Rating, Response

CHUNK = 500  # ids a statement


class AnswerSheet(NamedTuple):
    """One answer sheet as detectors of stuffing see it."""

    id: uuid.UUID
    counter_id: int
    agency_id: int
    device_id: uuid.UUID | None
    sector: str
    day: dt.date
    answered_at: dt.datetime
    answers: dict[str, Any]


class Load(NamedTuple):
    """Answers and dossiers of one agency x service in a month."""

    agency_id: int
    service_id: int
    sector: str
    service: str
    answers: int
    caseload: int


class ChannelDay(NamedTuple):
    """Answers that came to one counter by one channel on a day."""

    counter_id: int
    channel: str
    day: dt.date
    answers: int


class Flagged(NamedTuple):
    """One rating of a flagged answer, with what finds its cell."""

    response_id: uuid.UUID
    agency_id: int
    service_id: int | None
    respondent_kind: str
    counter_id: int | None
    day: dt.date
    value: int


def fetch_sheets(province_id: int, month: str, released: Released = EVERYTHING) -> Iterator[AnswerSheet]:
    """The month's sheets given live at a counter, if to be told, by counter, day and hour; streamed."""
    query = (
        select(
            Response.id,
            Response.counter_id,
            Response.agency_id,
            Response.device_id,
            Response.sector,
            Response.day,
            Response.answered_at,
            Response.answers,
        )
        .where(
            Response.province_id == province_id,
            Response.month == month,
            Response.counter_id.is_not(None),
            Response.channel.in_(LIVE_CHANNELS),
            released.told(Response),
        )
        .order_by(Response.counter_id, Response.day, Response.answered_at, Response.id)
        .execution_options(yield_per=2000)
    )
    for row in db.session.execute(query):
        yield AnswerSheet(*row)


def fetch_sheets_of(session: Session, ids: Collection[uuid.UUID]) -> list[AnswerSheet]:
    """These answers as sheets, in the order of their time."""
    columns = (Response.id, Response.counter_id, Response.agency_id, Response.device_id, Response.sector)
    query = select(*columns, Response.day, Response.answered_at, Response.answers)
    sheets = []
    for some in batched(ids, CHUNK):
        part = query.where(Response.id.in_(some), Response.counter_id.is_not(None))
        sheets += [AnswerSheet(*row) for row in session.execute(part)]
    return sorted(sheets, key=lambda sheet: (sheet.answered_at, sheet.id))


def fetch_device_place(session: Session, device_id: uuid.UUID) -> tuple[int, int, int, str]:
    """Province, agency, counter and sector of where a device stands."""
    counter, agency = fetch_place(session, device_id)
    offer = offers_at(session, [ServicePoint(counter.id, agency.id, agency.kind, agency.parent_id)])[counter.id]
    return agency.province_id, agency.id, counter.id, next(iter(offer.sectors), "administration")


def fetch_counter_days(
    province_id: int, first: dt.date, last: dt.date, channels: Collection[str] = tuple(CHANNELS)
) -> list[tuple[int, dt.date, int]]:
    """(counter, day, answers) of every counter that is open on `last`; days without answers are left out."""
    query = (
        select(Response.counter_id, Response.day, func.count())
        .join(Counter, Counter.id == Response.counter_id)
        .where(
            Response.province_id == province_id,
            Response.day.between(first, last),
            Response.channel.in_(channels),
            Counter.closed_on.is_(None) | (Counter.closed_on > last),
        )
        .group_by(Response.counter_id, Response.day)
    )
    return [(counter_id, day, count) for counter_id, day, count in db.session.execute(query) if counter_id is not None]


def fetch_channel_days(province_id: int, first: dt.date, last: dt.date) -> list[ChannelDay]:
    """Answers given live at every counter that is open on `last`, by channel; days without answers are left out."""
    columns = (Response.counter_id, Response.channel, Response.day)
    query = (
        select(*columns, func.count())
        .join(Counter, Counter.id == Response.counter_id)
        .where(
            Response.province_id == province_id,
            Response.day.between(first, last),
            Response.channel.in_(LIVE_CHANNELS),
            Counter.closed_on.is_(None) | (Counter.closed_on > last),
        )
        .group_by(*columns)
    )
    return [
        ChannelDay(counter_id, channel, day, count)
        for counter_id, channel, day, count in db.session.execute(query)
        if counter_id is not None
    ]


def fetch_counter_places(counter_ids: Collection[int], since: dt.date) -> dict[int, tuple[int, str]]:
    """Agency and most frequent sector of counters, by id."""
    query = (
        select(Response.counter_id, Counter.agency_id, Response.sector, func.count())
        .join(Counter, Counter.id == Response.counter_id)
        .where(Response.counter_id.in_(counter_ids), Response.day >= since)
        .group_by(Response.counter_id, Counter.agency_id, Response.sector)
        .order_by(func.count(), Response.sector)
    )
    return {
        counter_id: (agency_id, sector)
        for counter_id, agency_id, sector, _ in db.session.execute(query)
        if counter_id is not None
    }


def fetch_loads(province_id: int, month: str) -> list[Load]:
    """Answers beside dossiers wherever both are known."""
    answers = (
        select(Response.agency_id, Response.service_id, func.count().label("answers"))
        .where(Response.province_id == province_id, Response.month == month, Response.service_id.is_not(None))
        .group_by(Response.agency_id, Response.service_id)
        .subquery()
    )
    query = (
        select(
            answers.c.agency_id,
            answers.c.service_id,
            Service.sector,
            Service.name,
            answers.c.answers,
            func.sum(Caseload.count),
        )
        .join(
            Caseload,
            (Caseload.agency_id == answers.c.agency_id)
            & (Caseload.service_id == answers.c.service_id)
            & (Caseload.month == month),
        )
        .join(Service, Service.id == answers.c.service_id)
        .group_by(answers.c.agency_id, answers.c.service_id, Service.sector, Service.name, answers.c.answers)
        .order_by(answers.c.agency_id, answers.c.service_id)
    )
    return [Load(*row) for row in db.session.execute(query)]


def fetch_agency_days(province_id: int, month: str) -> list[tuple[int, str, dt.date, int]]:
    """(agency, sector, day, answers) of answers given live."""
    columns = (Response.agency_id, Response.sector, Response.day)
    query = (
        select(*columns, func.count())
        .where(Response.province_id == province_id, Response.month == month, Response.channel.in_(LIVE_CHANNELS))
        .group_by(*columns)
        .order_by(*columns)
    )
    return [(agency_id, sector, day, count) for agency_id, sector, day, count in db.session.execute(query)]


def fetch_flows(agency_ids: Collection[int], months: Collection[str]) -> dict[tuple[int, str], float]:
    """Dossiers and visits of agency and sector in the latest of these months that was reported."""
    query = (
        select(Caseload.agency_id, Service.sector, Caseload.month, func.sum(Caseload.count))
        .join(Service, Service.id == Caseload.service_id)
        .where(Caseload.agency_id.in_(agency_ids), Caseload.month.in_(months), Caseload.unit.in_(("dossier", "visit")))
        .group_by(Caseload.agency_id, Service.sector, Caseload.month)
        .order_by(Caseload.month)
    )
    return {(agency_id, sector): float(count) for agency_id, sector, _month, count in db.session.execute(query)}


def fetch_known(session: Session, province_id: int, months: Collection[str]) -> set[tuple[str, str]]:
    """(kind, about) of signals that were opened already."""
    query = select(Signal.kind, Signal.about).where(Signal.province_id == province_id, Signal.month.in_(months))
    return {(kind, about) for kind, about in session.execute(query)}


def fetch_signals(province_ids: Collection[int]) -> list[Signal]:
    """Every signal of provinces, the latest first."""
    return list(
        db.session.scalars(
            _with_names()
            .where(Signal.province_id.in_(province_ids))
            .order_by(Signal.opened_at.desc(), Signal.id.desc())
        )
    )


def count_open(province_id: int, sector: str | None = None, agencies: Collection[int] | None = None) -> int:
    """How many signals of a scope nobody has explained; None means all."""
    query = select(func.count()).where(Signal.province_id == province_id, Signal.status == OPEN)
    if sector is not None:
        query = query.where(Signal.sector == sector)
    if agencies is not None:
        query = query.where(Signal.agency_id.in_(sorted(agencies)))
    return db.session.scalar(query) or 0


def fetch_signal(signal_id: int) -> Signal | None:
    """One signal."""
    signal: Signal | None = db.session.scalar(_with_names().where(Signal.id == signal_id))
    return signal


def fetch_flagged(ids: Collection[uuid.UUID], subject: str, released: Released) -> list[Flagged]:
    """(response, agency, service, kind, counter, day, value) of the ratings flagged answers gave, if to be told."""
    query = select(
        Rating.response_id,
        Rating.agency_id,
        Rating.service_id,
        Rating.respondent_kind,
        Rating.counter_id,
        Rating.day,
        Rating.value,
    ).where(Rating.response_id.in_(ids), Rating.subject == subject, released.told(Rating))
    return [Flagged(*row) for row in db.session.execute(query)]


def _with_names() -> Select[Any]:
    return select(Signal).options(
        joinedload(Signal.agency).joinedload(Agency.province),
        joinedload(Signal.counter),
        joinedload(Signal.province),
    )


def fetch_places(ids: Collection[str]) -> dict[str, str]:
    """The agency and month of signals, by their number as text."""
    known = [int(id_) for id_ in ids if id_.isdigit()]
    query = select(Signal.id, Agency.name, Signal.month).join(Agency, Agency.id == Signal.agency_id)
    rows = db.session.execute(query.where(Signal.id.in_(known)))
    return {str(id_): f"{name}, {month_label(month)}" for id_, name, month in rows}
