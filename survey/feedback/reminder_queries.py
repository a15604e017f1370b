"""Who is to be told of cases that come due, and which were told already: SQL only."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from survey.accounts.models import RoleGrant, User
from survey.accounts.permissions import ACTIONS, Action
from survey.feedback.kinds import THANKS
from survey.feedback.models import WAITING, FeedbackCase
from survey.feedback.office_queries import departments_of
from survey.foundation.storage.database import locked, writing
from survey.registry.models import Agency

Mark = Literal["reminded_at", "overdue_told_at"]
HANDLERS = sorted(role for role, actions in ACTIONS.items() if Action.ANSWER_FEEDBACK in actions)


def fetch_untold(session: Session, day: dt.date) -> list[FeedbackCase]:
    """Cases whose holder was not told yet that they are half-way, or late on `day`; none that wait apart."""
    late = and_(FeedbackCase.due_on < day, FeedbackCase.overdue_told_at.is_(None))
    running = and_(FeedbackCase.due_on >= day, FeedbackCase.reminded_at.is_(None))
    waits = and_(FeedbackCase.state.in_(WAITING), FeedbackCase.kind != THANKS, ~FeedbackCase.set_apart)
    query = select(FeedbackCase).where(waits, or_(late, running)).order_by(FeedbackCase.due_on, FeedbackCase.id)
    return list(session.scalars(query.options(joinedload(FeedbackCase.agency))))


def mark(case_id: int, name: Mark, at: dt.datetime | None) -> bool:
    """Say when a mail went out, or (None) that it did not after all; False: another run was faster."""
    with writing() as session:
        case = locked(session, FeedbackCase, case_id)
        if at is not None and getattr(case, name) is not None:
            return False
        setattr(case, name, at)
        return True


def fetch_levels(session: Session, case: FeedbackCase) -> list[list[str]]:
    """The mail addresses of those who hold a case, then of each level above them; levels without any are left out.

    First the agency (never the one it is about, unless it was handed to it), its parents, the Sở of the sector (not
    where it is about that Sở itself), the province.
    """
    levels: list[list[str]] = []
    agency_id = case.holder_id or (None if case.holder_sector else case.agency.parent_id)
    seen: set[int] = set()
    while agency_id is not None and agency_id not in seen:
        seen.add(agency_id)
        levels.append(_addresses(session, case, case.sector, agency_id))
        agency_id = session.scalar(select(Agency.parent_id).where(Agency.id == agency_id))
    sector = case.holder_sector or case.sector
    if case.agency_id not in departments_of(case.province_id, sector):
        levels.append(_addresses(session, case, sector, None))
    levels.append(_addresses(session, case, None, None))
    return [level for level in levels if level]


def _addresses(session: Session, case: FeedbackCase, sector: str | None, agency_id: int | None) -> list[str]:
    at_agency = RoleGrant.agency_id == agency_id if agency_id is not None else RoleGrant.agency_id.is_(None)
    in_sector = RoleGrant.sector == sector if sector is not None else RoleGrant.sector.is_(None)
    if agency_id is not None:
        in_sector = or_(in_sector, RoleGrant.sector.is_(None))
    query = (
        select(User.email)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.province_id == case.province_id, at_agency, in_sector, RoleGrant.role.in_(HANDLERS))
        .where(User.active, User.email != "")
    )
    return sorted(set(session.scalars(query)))
