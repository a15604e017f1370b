"""Erasing cases with all that hangs on them: SQL only."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from survey.feedback.models import FeedbackCase, FeedbackContact, FeedbackPublication, FeedbackStep

HANGING = (FeedbackStep, FeedbackContact, FeedbackPublication)  # each names the case it belongs to


def delete_cases(session: Session, which: ColumnElement[bool]) -> None:
    """Erase cases with their steps, contacts and published replies."""
    ids = select(FeedbackCase.id).where(which)
    for table in HANGING:
        session.execute(delete(table).where(table.case_id.in_(ids)))
    session.execute(delete(FeedbackCase).where(which))
