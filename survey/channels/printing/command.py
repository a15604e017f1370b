"""The process that makes a file to print, as whoever asked for it: `jobs.py` starts it."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from flask_login import login_user

from survey.accounts.models import User
from survey.channels.printing.jobs import COMMAND, finish, give_up
from survey.channels.printing.kinds import kind_of
from survey.channels.printing.models import PrintJob
from survey.channels.printing.queries import note
from survey.foundation.clock import now
from survey.foundation.commands.behind import GivenUp, teller
from survey.foundation.commands.command_group import survey_commands
from survey.foundation.commands.progress import told_to
from survey.foundation.storage.database import db
from survey.foundation.this_app import this_app

EVERY = 20.0  # seconds between two signs of life
log = logging.getLogger("hai_long")


@survey_commands.command(COMMAND, hidden=True)
@click.argument("job_id", type=click.UUID)
@click.option("--language", default="vi")
def run_print_command(job_id: uuid.UUID, language: str) -> None:
    """Make a file to print that somebody asked for at the desk; the desk starts this by itself."""
    app = this_app()
    with app.test_request_context("/desk/prints", query_string={"lang": language}):
        job = db.session.get(PrintJob, job_id)
        if job is None:
            return
        login_user(db.session.get_one(User, job.user_id))  # its scope: nothing is printed that it may not see
        kind, asked = kind_of(job), dict(job.asked)
        db.session.rollback()
        try:
            with told_to(teller(note, job_id)), _alive(app, job_id):
                printed = kind.make(asked)
            finish(job_id, printed)
        except GivenUp:
            db.session.rollback()
        except Exception:
            log.exception("a file to print could not be made")
            db.session.rollback()
            give_up(job_id)


@contextmanager
def _alive(app: Flask, job_id: uuid.UUID) -> Iterator[None]:
    """Give a sign of life now and then: laying out thousands of pages tells nothing meanwhile."""
    over = threading.Event()

    def tell() -> None:
        while not over.wait(EVERY):
            with app.app_context():
                note(job_id, beat_at=now())

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
