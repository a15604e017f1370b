"""Contacts of cases as stored, and those whose time is over: SQL only."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from survey.feedback.models import FeedbackCase, FeedbackContact


def find_contact(session: Session, case_id: int, day: dt.date, closed_since: dt.datetime) -> FeedbackContact | None:
    """The contact of a case, unless its day is over or the case was closed before an instant."""
    still_open = or_(FeedbackCase.closed_at.is_(None), FeedbackCase.closed_at >= closed_since)
    query = select(FeedbackContact).join(FeedbackCase, FeedbackCase.id == FeedbackContact.case_id)
    contact: FeedbackContact | None = session.scalar(
        query.where(FeedbackContact.case_id == case_id, FeedbackContact.expires_on >= day, still_open)
    )
    return contact


def delete_contact(session: Session, case_id: int) -> None:
    """Erase the contact of a case."""
    session.execute(delete(FeedbackContact).where(FeedbackContact.case_id == case_id))


def drop_contacts(session: Session, day: dt.date, closed_before: dt.datetime) -> int:
    """Erase the contacts whose day is over, and those of cases that were closed before an instant; how many."""
    closed = select(FeedbackCase.id).where(FeedbackCase.closed_at < closed_before)
    over = or_(FeedbackContact.expires_on < day, FeedbackContact.case_id.in_(closed))
    return len(session.scalars(delete(FeedbackContact).where(over).returning(FeedbackContact.case_id)).all())
