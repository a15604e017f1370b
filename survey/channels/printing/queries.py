"""Files to print as stored: SQL only."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from survey.channels.printing.models import PrintJob
from survey.foundation.storage.database import db, rows_changed, writing_without_session


def drop_jobs_of(session: Session, user_id: int, kind: str) -> None:
    """Forget what this user had made of a kind."""
    session.execute(delete(PrintJob).where(PrintJob.user_id == user_id, PrintJob.kind == kind))


def drop_old_jobs(session: Session, before: dt.datetime) -> int:
    """Forget what was begun before an instant, fetched or not; how many."""
    gone = delete(PrintJob).where(PrintJob.created_at < before).returning(PrintJob.id)
    return len(session.scalars(gone).all())


def find_job(job_id: uuid.UUID, user_id: int, since: dt.datetime) -> PrintJob | None:
    """The job, if this user began it and it is not too old."""
    query = select(PrintJob).where(PrintJob.id == job_id, PrintJob.user_id == user_id, PrintJob.created_at >= since)
    job: PrintJob | None = db.session.scalar(query)
    return job


def note(job_id: uuid.UUID, **values: Any) -> bool:
    """Keep how far a job is; False where there is none any more."""
    with writing_without_session(at_once=True) as connection:
        changed = connection.execute(update(PrintJob).where(PrintJob.id == job_id).values(**values))
        return bool(rows_changed(changed))
