"""Files that nobody came back for do not lie in the database until somebody else asks for one of their kind."""

from __future__ import annotations

import datetime as dt
import json

from flask import Flask
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.accounts.models import User
from survey.channels.printing.models import PrintJob
from survey.foundation.clock import now
from survey.foundation.identifiers import new_id
from survey.registry.files.models import ImportDraft
from tests.channels.conftest import database_url
from tests.support.staff import signed_in

__all__ = ["database_url"]


def leave_lying(database: SQLAlchemy, hours: int) -> None:
    """A sheet that was printed and not fetched, and a file that was looked at and not taken in."""
    user_id, at = database.session.scalars(select(User.id)).first(), now() - dt.timedelta(hours=hours)
    name = f"{hours}.pdf"
    database.session.add_all(
        [
            PrintJob(
                id=new_id(),
                user_id=user_id,
                kind="sheets",
                asked={},
                created_at=at,
                beat_at=at,
                name=name,
                content=b"%PDF",
            ),
            ImportDraft(id=new_id(), user_id=user_id, kind="caseloads", file=name, content=b"agency", created_at=at),
        ]
    )
    database.session.commit()


def test_the_night_drops_files_that_nobody_came_back_for_within_a_day(
    app: Flask, database: SQLAlchemy, runner: FlaskCliRunner
) -> None:
    signed_in(app, "so-y-te", "method_owner", sector="health")
    leave_lying(database, 23)
    leave_lying(database, 25)
    tried = json.loads(runner.invoke(args=["survey", "retention", "--dry-run", "--format", "json"]).output)
    done = json.loads(runner.invoke(args=["survey", "retention", "--format", "json"]).output)
    assert tried == done
    assert (done["print_jobs"], done["import_drafts"]) == (1, 1)
    database.session.rollback()
    assert database.session.scalars(select(PrintJob.name)).all() == ["23.pdf"]
    assert database.session.scalars(select(ImportDraft.file)).all() == ["23.pdf"]
