"""Cases as stored: SQL only."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from survey.feedback.holding import held_back
from survey.feedback.models import WAITING, FeedbackCase
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.registry.models import Agency, Service
from survey.responses.models import Rating, Response


@dataclass(frozen=True)
class CaseOrigin:
    """What a case is opened from; where an answer came with it, how that came, at which counter and in which hour."""

    province_id: int
    sector: str
    agency_id: int
    comment: str | None
    rating: int | None
    channel: str | None = None
    counter_id: int | None = None
    answered_at: dt.datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """How many cases wait for an answer, how many of them for longer than promised; and how many wait apart."""

    open: int
    overdue: int
    apart: int


def fetch_asked(session: Session, response_id: uuid.UUID) -> CaseOrigin | None:
    """The response a case would be about, with its lowest rating; None if there is none."""
    lowest = select(func.min(Rating.value)).where(Rating.response_id == response_id).scalar_subquery()
    row = session.execute(
        select(
            *(Response.province_id, Response.sector, Response.agency_id, Response.comment, lowest),
            *(Response.channel, Response.counter_id, Response.answered_at),
        ).where(Response.id == response_id)
    ).first()
    return CaseOrigin(*row) if row else None


def find_of_response(session: Session, response_id: uuid.UUID) -> FeedbackCase | None:
    """The case of a response."""
    feedback_case: FeedbackCase | None = session.scalar(
        select(FeedbackCase).where(FeedbackCase.response_id == response_id)
    )
    return feedback_case


def find_by_digest(code_digests: Collection[str]) -> FeedbackCase | None:
    """The case of a follow code, stored as one of these digests."""
    query = select(FeedbackCase).where(FeedbackCase.code_digest.in_(code_digests))
    feedback_case: FeedbackCase | None = db.session.scalar(query.options(joinedload(FeedbackCase.agency)))
    return feedback_case


def is_digest_stored(session: Session, code_digest: str) -> bool:
    """Whether a case has this digest of a code."""
    return session.scalar(select(FeedbackCase.id).where(FeedbackCase.code_digest == code_digest)) is not None


def fetch_case(case_id: int, reach: ColumnElement[bool]) -> FeedbackCase | None:
    """One case with its response and agency, if it is within reach."""
    query = _with_all(select(FeedbackCase).where(FeedbackCase.id == case_id, reach))
    feedback_case: FeedbackCase | None = db.session.scalar(query)
    return feedback_case


@dataclass(frozen=True)
class CaseFilter:
    """Which cases a list shows: those in some states, overdue on `late_on`, of a kind; apart from a flood or of one."""

    states: Collection[str]
    late_on: dt.date | None = None
    kind: str | None = None
    apart: bool = False

    def condition(self) -> ColumnElement[bool]:
        """The filter as a condition."""
        conditions: list[ColumnElement[bool]] = [
            FeedbackCase.state.in_(self.states),
            FeedbackCase.set_apart.is_(self.apart),
        ]
        if self.late_on is not None:
            conditions.append(FeedbackCase.due_on < self.late_on)
        if self.kind is not None:
            conditions.append(FeedbackCase.kind == self.kind)
        return and_(*conditions)


def fetch_cases(reach: ColumnElement[bool], wanted: CaseFilter, page: int, size: int) -> list[FeedbackCase]:
    """One page (from 1) of the cases within reach: what is due first stands first. One more than `size`: more follow.

    What is within reach is asked before the page is cut: many cases of one agency hide none of another.
    """
    query = select(FeedbackCase).where(reach, wanted.condition())
    # The number is random: the order within a day says nothing.
    query = query.order_by(FeedbackCase.due_on, FeedbackCase.id).offset((page - 1) * size).limit(size + 1)
    return list(db.session.scalars(_with_all(query)))


def count_cases(reach: ColumnElement[bool], wanted: CaseFilter) -> int:
    """How many cases there are within reach."""
    query = select(func.count(FeedbackCase.id)).outerjoin(FeedbackCase.response)
    return int(db.session.scalar(query.where(reach, wanted.condition())) or 0)


def fetch_rated(cases: Collection[FeedbackCase], above: ColumnElement[bool]) -> set[int]:
    """Those of some cases whose rating the reader may see: of the level above and where the citizen said so.

    Not even the level above sees it before the release gate tells the answer.
    """
    months: dict[int, set[str]] = defaultdict(set)
    for case in cases:
        if case.response is not None:
            months[case.province_id].add(case.response.month)
    held = or_(
        false(),
        *(
            and_(FeedbackCase.province_id == province_id, held_back(province_id, sorted(own)))
            for province_id, own in months.items()
        ),
    )
    query = select(FeedbackCase.id).join(FeedbackCase.response).where(FeedbackCase.id.in_([case.id for case in cases]))
    return set(db.session.scalars(query.where(or_(above, FeedbackCase.shares_rating), ~held)))


def is_within(case_id: int, reach: ColumnElement[bool]) -> bool:
    """Whether a case is within reach."""
    query = select(FeedbackCase.id).outerjoin(FeedbackCase.response).where(FeedbackCase.id == case_id, reach)
    return db.session.scalar(query) is not None


def is_held_back(case: FeedbackCase) -> bool:
    """Whether the answer that a case came with may not be told yet."""
    if case.response is None:
        return False
    held = held_back(case.province_id, [case.response.month])
    return db.session.scalar(select(Response.id).where(Response.id == case.response_id, held)) is not None


def _with_all(query: Select[Any]) -> Select[Any]:
    with_response = query.outerjoin(FeedbackCase.response).options(contains_eager(FeedbackCase.response))
    return with_response.options(joinedload(FeedbackCase.agency), joinedload(FeedbackCase.holder))


def fetch_agency_choices(province_id: int, day: dt.date) -> dict[str, tuple[int, str]]:
    """Id and name of a province's agencies that exist on a day, by code, in the order of their names."""
    exists = or_(Agency.valid_from.is_(None), Agency.valid_from <= day)
    lasts = or_(Agency.valid_to.is_(None), Agency.valid_to >= day)
    query = select(Agency.code, Agency.id, Agency.name).where(Agency.province_id == province_id, exists, lasts)
    rows = in_order(db.session.execute(query), lambda row: (row[2],))
    return {code: (id_, name) for code, id_, name in rows}


def fetch_cases_of(response_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Ids of cases by response."""
    query = select(FeedbackCase.response_id, FeedbackCase.id).where(FeedbackCase.response_id.in_(response_ids))
    return {response_id: id_ for response_id, id_ in db.session.execute(query) if response_id}


def fetch_ratings(response_id: uuid.UUID) -> dict[str, int]:
    """The overall ratings of a response by subject."""
    query = select(Rating.subject, Rating.value).where(Rating.response_id == response_id)
    return {subject: value for subject, value in db.session.execute(query)}  # noqa: C416 - rows are no pairs


def fetch_service(service_id: int | None) -> Service | None:
    """What a response was about."""
    return None if service_id is None else db.session.get(Service, service_id)


def count_waiting(
    reach: ColumnElement[bool],
    province_id: int,
    day: dt.date,
    sector: str | None = None,
    agencies: Collection[int] | None = None,
) -> Waiting:
    """Open cases of a scope within reach; None means all."""
    conditions = [reach, FeedbackCase.province_id == province_id, FeedbackCase.state.in_(WAITING)]
    if sector is not None:
        conditions.append(FeedbackCase.sector == sector)
    if agencies is not None:
        conditions.append(FeedbackCase.agency_id.in_(sorted(agencies)))
    every = func.count(FeedbackCase.id)
    late = every.filter(FeedbackCase.due_on < day, ~FeedbackCase.set_apart)
    query = select(every.filter(~FeedbackCase.set_apart), late, every.filter(FeedbackCase.set_apart))
    return Waiting(*db.session.execute(query.outerjoin(FeedbackCase.response).where(*conditions)).one())


def fetch_agency_names_of(ids: Collection[str]) -> dict[str, str]:
    """The agencies that cases are about, by the case's number as text."""
    known = [int(id_) for id_ in ids if id_.isdigit()]
    query = select(FeedbackCase.id, Agency.name).join(Agency, Agency.id == FeedbackCase.agency_id)
    return {str(id_): f"{id_} · {name}" for id_, name in db.session.execute(query.where(FeedbackCase.id.in_(known)))}
