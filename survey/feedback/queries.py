"""Cases as stored: SQL only."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from survey.feedback.models import OPEN, FeedbackCase
from survey.foundation.database import db
from survey.registry.models import Agency, Service
from survey.responses.models import Rating, Response


@dataclass(frozen=True)
class CaseOrigin:
    """What a case is opened from."""

    province_id: int
    sector: str
    agency_id: int
    comment: str | None
    rating: int | None


@dataclass(frozen=True)
class Waiting:
    """How many cases wait for an answer, and how many of them for longer than promised."""

    open: int
    overdue: int


def fetch_asked(session: Session, response_id: uuid.UUID) -> CaseOrigin | None:
    """The response a case would be about, with its lowest rating; None if there is none."""
    lowest = select(func.min(Rating.value)).where(Rating.response_id == response_id).scalar_subquery()
    row = session.execute(
        select(Response.province_id, Response.sector, Response.agency_id, Response.comment, lowest).where(
            Response.id == response_id
        )
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


def fetch_case(case_id: int) -> FeedbackCase | None:
    """One case with its response and agency."""
    query = select(FeedbackCase).where(FeedbackCase.id == case_id)
    with_all = query.options(joinedload(FeedbackCase.agency), joinedload(FeedbackCase.response))
    feedback_case: FeedbackCase | None = db.session.scalar(with_all)
    return feedback_case


def fetch_cases(province_ids: Collection[int], states: Collection[str], limit: int) -> list[FeedbackCase]:
    """Cases of provinces in some states: what is due first stands first."""
    query = (
        select(FeedbackCase)
        .where(FeedbackCase.province_id.in_(province_ids), FeedbackCase.state.in_(states))
        .options(joinedload(FeedbackCase.agency), joinedload(FeedbackCase.response))
        .order_by(FeedbackCase.due_on, FeedbackCase.response_id)  # which is random: the order in a day says nothing
        .limit(limit)
    )
    return list(db.session.scalars(query))


def fetch_cases_of(response_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Ids of cases by response."""
    query = select(FeedbackCase.response_id, FeedbackCase.id).where(FeedbackCase.response_id.in_(response_ids))
    return {response_id: id_ for response_id, id_ in db.session.execute(query)}  # noqa: C416 - rows are no pairs


def fetch_ratings(response_id: uuid.UUID) -> dict[str, int]:
    """The overall ratings of a response by subject."""
    query = select(Rating.subject, Rating.value).where(Rating.response_id == response_id)
    return {subject: value for subject, value in db.session.execute(query)}  # noqa: C416 - rows are no pairs


def fetch_service_name(service_id: int | None) -> str | None:
    """What a response was about."""
    return None if service_id is None else db.session.scalar(select(Service.name).where(Service.id == service_id))


def count_waiting(
    province_id: int, day: dt.date, sector: str | None = None, agencies: Collection[int] | None = None
) -> Waiting:
    """Open cases of a scope; None means all."""
    conditions = [FeedbackCase.province_id == province_id, FeedbackCase.state == OPEN]
    if sector is not None:
        conditions.append(FeedbackCase.sector == sector)
    if agencies is not None:
        conditions.append(FeedbackCase.agency_id.in_(sorted(agencies)))
    late = func.count().filter(FeedbackCase.due_on < day)
    row = db.session.execute(select(func.count(), late).where(*conditions)).one()
    return Waiting(row[0], row[1])


def fetch_agency_names_of(ids: Collection[str]) -> dict[str, str]:
    """The agencies that cases are about, by the case's number as text."""
    known = [int(id_) for id_ in ids if id_.isdigit()]
    query = select(FeedbackCase.id, Agency.name).join(Agency, Agency.id == FeedbackCase.agency_id)
    return {str(id_): f"{id_} · {name}" for id_, name in db.session.execute(query.where(FeedbackCase.id.in_(known)))}
