"""How many answers there are for an agency's service in a month, and how many dossiers: SQL only."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.registry.models import Agency, Caseload, Service
from survey.responses.models import Response

# agency code, service code, month, respondent kind
Counted = tuple[str, str, str, str]


def fetch_answer_counts(session: Session, agencies: Collection[str], months: Collection[str]) -> dict[Counted, int]:
    """Answers by agency, service, month and respondent kind; those that name no service are left out."""
    query = (
        select(Agency.code, Service.code, Response.month, Response.respondent_kind, func.count())
        .join(Agency, Agency.id == Response.agency_id)
        .join(Service, Service.id == Response.service_id)
        .where(Agency.code.in_(sorted(agencies)), Response.month.in_(sorted(months)))
        .group_by(Agency.code, Service.code, Response.month, Response.respondent_kind)
    )
    return {(agency, service, month, kind): n for agency, service, month, kind, n in session.execute(query)}


Place = tuple[int, int, str]  # agency id, service id, month


class InMonth(NamedTuple):
    """An agency's service in a month: what both are called, its dossiers and the answers stored."""

    agency: str
    service: str
    dossiers: int
    answers: int


def fetch_months(session: Session, places: Collection[Place]) -> dict[Place, InMonth]:
    """Those of the places whose dossiers are known."""
    agencies, months = ({place[part] for place in places} for part in (0, 2))
    answers = (
        select(Response.agency_id, Response.service_id, Response.month, func.count().label("n"))
        .where(Response.agency_id.in_(sorted(agencies)), Response.month.in_(sorted(months)))
        .group_by(Response.agency_id, Response.service_id, Response.month)
        .subquery()
    )
    here = (Caseload.agency_id, Caseload.service_id, Caseload.month)
    query = (
        select(*here, Agency.code, Service.code, func.sum(Caseload.count), func.coalesce(func.max(answers.c.n), 0))
        .join(Agency, Agency.id == Caseload.agency_id)
        .join(Service, Service.id == Caseload.service_id)
        .outerjoin(
            answers,
            (answers.c.agency_id == Caseload.agency_id)
            & (answers.c.service_id == Caseload.service_id)
            & (answers.c.month == Caseload.month),
        )
        .where(Caseload.agency_id.in_(sorted(agencies)), Caseload.month.in_(sorted(months)))
        .group_by(*here, Agency.code, Service.code)
    )
    rows = {
        (agency_id, service_id, month): InMonth(agency, service, int(dossiers), int(n))
        for agency_id, service_id, month, agency, service, dossiers, n in session.execute(query)
    }
    return {place: rows[place] for place in rows.keys() & set(places)}
