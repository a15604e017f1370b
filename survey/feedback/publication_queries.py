"""Replies in public as stored: SQL only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session, joinedload

from survey.feedback.models import FeedbackCase, FeedbackPublication
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.registry.models import Agency, Service
from survey.responses.models import Response


@dataclass(frozen=True)
class Sought:
    """Which published replies: `text` is folded; '' and None mean all. `agency`, `service`: their codes."""

    province_id: int
    text: str = ""
    agency: str = ""
    service: str = ""


def find_publication(session: Session, case_id: int) -> FeedbackPublication | None:
    """What is proposed or public of a case."""
    publication: FeedbackPublication | None = session.get(FeedbackPublication, case_id)
    return publication


def delete_publication(session: Session, case_id: int) -> None:
    """Take it back."""
    session.execute(delete(FeedbackPublication).where(FeedbackPublication.case_id == case_id))


def count_answers(session: Session, agency_id: int, month: str, service_id: int | None = None) -> int:
    """How many answers an agency had in a month, maybe about one service."""
    query = select(func.count(Response.id)).where(Response.agency_id == agency_id, Response.month == month)
    return session.scalar(query if service_id is None else query.where(Response.service_id == service_id)) or 0


def fetch_names(session: Session, agency_id: int | None, service_id: int | None) -> list[str]:
    """The names of an agency and a service, of those that are given."""
    names = (
        select(Agency.name)
        .where(Agency.id == agency_id)
        .union_all(select(Service.name).where(Service.id == service_id))
    )
    return list(session.scalars(names))


def fetch_published(sought: Sought, page: int, size: int) -> list[FeedbackPublication]:
    """One page (from 1) of what is public, the latest first; one more than `size`: more follow."""
    query = _with_names().where(*_conditions(sought))
    query = query.order_by(FeedbackPublication.published_on.desc(), FeedbackPublication.case_id)
    return list(db.session.scalars(query.offset((page - 1) * size).limit(size + 1)))


def fetch_named_places(province_id: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Code and name of the agencies, and of the services, that stand in published replies."""
    published = select(FeedbackPublication.agency_id, FeedbackPublication.service_id).join(FeedbackPublication.case)
    named = published.where(*_conditions(Sought(province_id))).subquery()
    published = select(FeedbackPublication.agency_id, FeedbackPublication.service_id).join(FeedbackPublication.case)
    named = published.where(*_conditions(Sought(province_id))).subquery()
    agencies = select(Agency.code, Agency.name).where(Agency.id.in_(select(named.c.agency_id)))
    services = select(Service.code, Service.name).where(Service.id.in_(select(named.c.service_id)))
    return _by_name(agencies), _by_name(services)


def _by_name(query: Select[str, str]) -> list[tuple[str, str]]:
    return in_order(((code, name) for code, name in db.session.execute(query)), lambda row: (row[1],))


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    conditions = [FeedbackCase.province_id == sought.province_id, FeedbackPublication.published_on.is_not(None)]
    if sought.text:
        conditions.append(FeedbackPublication.folded.contains(sought.text, autoescape=True))
    if sought.agency:
        agency = select(Agency.id).where(Agency.code == sought.agency, Agency.province_id == sought.province_id)
        conditions.append(FeedbackPublication.agency_id.in_(agency))
    if sought.service:
        conditions.append(FeedbackPublication.service_id.in_(select(Service.id).where(Service.code == sought.service)))
    return conditions


def _with_names() -> Select[Any]:
    return (
        select(FeedbackPublication)
        .join(FeedbackPublication.case)
        .options(joinedload(FeedbackPublication.agency), joinedload(FeedbackPublication.service))
    )
