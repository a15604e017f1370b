"""How many answers there are for an agency's service in a month: SQL only."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey.registry.models import Agency, Service
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
