"""From the wish to the file: begun by a page, made by `survey run-print`, watched and fetched by whoever began it."""

from __future__ import annotations

import datetime as dt
import uuid

from survey.channels.printing.kinds import Asked, Printed
from survey.channels.printing.models import PrintJob
from survey.channels.printing.queries import drop_jobs_of, drop_old_jobs, note
from survey.foundation.clock import now
from survey.foundation.commands.behind import begin, is_silent, long_ago
from survey.foundation.identifiers import new_id
from survey.foundation.languages.language import current_language
from survey.foundation.storage.database import writing

KEPT_FOR = dt.timedelta(hours=24)
COMMAND = "run-print"


def start(kind: str, asked: Asked, user_id: int) -> uuid.UUID:
    """Begin to make a file; earlier ones of this user and kind are thrown away."""
    with writing() as session:
        drop_old_jobs(session, now() - KEPT_FOR)
        drop_jobs_of(session, user_id, kind)
        job = PrintJob(id=new_id(), user_id=user_id, kind=kind, asked=dict(asked), created_at=now(), beat_at=now())
        session.add(job)
        session.flush()
        job_id: uuid.UUID = job.id
    begin(COMMAND, str(job_id), "--language", current_language(), if_killed=lambda: note(job_id, beat_at=long_ago()))
    return job_id


def is_running(job: PrintJob) -> bool:
    """Whether its process still works, as far as can be seen."""
    return job.name is None and not job.is_broken and not is_silent(job.beat_at)


def finish(job_id: uuid.UUID, printed: Printed) -> None:
    """Keep the file for who waits for it."""
    note(job_id, name=printed.name, content=printed.content)


def give_up(job_id: uuid.UUID) -> None:
    """Note that nothing came of it."""
    note(job_id, is_broken=True)
