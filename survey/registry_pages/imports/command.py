"""The process that works on a long file, for whom it was sent: `jobs.py` starts it."""

from __future__ import annotations

import logging
import uuid
from typing import Any

import click
from flask import current_app
from flask_babel import gettext as _
from flask_login import login_user

from survey.accounts.models import User
from survey.foundation.commands.behind import GivenUp, take_at_most, teller
from survey.foundation.commands.command_group import survey_commands
from survey.foundation.commands.progress import told_to
from survey.foundation.storage.database import db
from survey.foundation.tables.limited import too_large
from survey.registry.files.models import ImportDraft
from survey.registry.files.problems import ImportRefused, Problem
from survey.registry_pages.imports.access import draft_of, run_draft
from survey.registry_pages.imports.drafts import note
from survey.registry_pages.imports.foreseen import Foreseen, as_result, foreseen
from survey.registry_pages.imports.jobs import CHECK, TAKE_IN, finish

log = logging.getLogger("hai_long")


@survey_commands.command("run-draft", hidden=True)
@click.argument("draft", type=click.UUID)
@click.option("--task", type=click.Choice([CHECK, TAKE_IN]), required=True)
@click.option("--language", default="vi")
@click.option("--megabytes", type=int, help="The most memory it may take.")
def run_draft_command(draft: uuid.UUID, task: str, language: str, megabytes: int | None) -> None:
    """Check a file that somebody sent to the desk, or take it in; the desk starts this by itself."""
    if megabytes is not None:
        take_at_most(megabytes)
    with current_app.test_request_context("/desk/imports", query_string={"lang": language}):
        sent = db.session.get(ImportDraft, draft)
        if sent is None:
            return
        login_user(db.session.get_one(User, sent.user_id))  # its scope, its language, its name in the audit log
        try:
            with told_to(teller(note, draft)):
                result = _worked_on(draft, task)
            finish(draft, result)
        except GivenUp:
            db.session.rollback()


def _worked_on(draft: uuid.UUID, task: str) -> dict[str, Any]:
    message = ""

    def work() -> Foreseen:
        nonlocal message
        try:
            outcome = run_draft(draft_of(draft), dry_run=task == CHECK)
        except MemoryError as error:
            refusal = too_large()
            problems = (Problem(refusal.message, refusal.mend),)
            raise ImportRefused(_("tệp"), problems, 1) from error
        message = outcome.lines()[-1] if task == TAKE_IN else ""
        return foreseen(outcome)

    try:
        result = as_result(work)
    except GivenUp:
        raise
    except Exception:
        log.exception("a file could not be worked on")
        db.session.rollback()
        return {"broken": True}
    return result | ({"message": message} if message else {})
