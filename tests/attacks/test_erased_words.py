"""A thief takes the whole database, and later its files, and looks for words that were erased by order of their writer.

In them stood who they are: in what they wrote, in what was answered to them, in what was told of it to everybody.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from survey.feedback.flow import add_note, answer_case
from survey.feedback.follow.verdicts import judge
from survey.feedback.models import FeedbackCase
from survey.feedback.publishing import propose, withdraw
from survey.feedback.service import ask_for_reply
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import now
from survey.foundation.storage.database import db
from tests.guards.test_migrations import unmigrated
from tests.retention.test_erasing import database_url, give, world
from tests.support.staff import make_user

__all__ = ["database_url", "unmigrated", "world"]
NAMED = "Thach So Phia"
WORDS = f"Tôi là {NAMED}, chờ lâu quá"
Erase = Callable[[FeedbackCase], list[str]]


def of_the_case(case: FeedbackCase) -> list[str]:
    return ["--case", str(case.id)]


def of_the_answer(case: FeedbackCase) -> list[str]:
    return ["--response", str(case.response_id)]


@pytest.fixture
def case(world: Flask, database: SQLAlchemy) -> FeedbackCase:
    """A report that named its writer, answered twice by name, told to everybody and taken back, noted, not helped."""
    ask_for_reply(give(comment=WORDS).id)
    user_id = make_user(world, "can-bo", "officer")
    case_id = database.session.scalars(select(FeedbackCase.id)).one()
    add_note(case_id, f"Đã gọi {NAMED}")
    answer_case(case_id, f"Kính gửi {NAMED}: đã kê ghế.")
    answer_case(case_id, f"Kính gửi {NAMED}: đã kê 20 ghế.")
    propose(case_id, f"{NAMED} chờ lâu", f"Đã xin lỗi {NAMED}", user_id)
    withdraw(case_id)
    judge(case_id, helped=False, because=f"{NAMED} vẫn chờ")
    database.session.rollback()
    return database.session.scalars(select(FeedbackCase)).one()


def rows_with(words: str, runner: FlaskCliRunner, path: Path) -> list[str]:
    """The rows of a backup in which words stand, with their tables."""
    assert runner.invoke(args=["survey", "backup", str(path)]).exit_code == 0
    with zipfile.ZipFile(path) as archive:
        tables = [name for name in archive.namelist() if name.endswith(".jsonl")]
        lines = [(name, line) for name in tables for line in archive.read(name).decode().splitlines()]
    plain = [f"{name}: {json.dumps(json.loads(line), ensure_ascii=False)}" for name, line in lines]
    return [row for row in plain if words in row]


@pytest.mark.parametrize("which", [of_the_case, of_the_answer])
def test_no_row_of_a_backup_holds_words_that_were_erased(
    case: FeedbackCase, which: Erase, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    assert len(rows_with(NAMED, runner, tmp_path / "before.zip")) > 5
    order = which(case)
    assert runner.invoke(args=["survey", "erase", *order, "--reason", "Theo đơn"]).exit_code == 0
    assert rows_with(NAMED, runner, tmp_path / "after.zip") == []


def test_nor_do_sqlites_own_files_beside_a_server_that_goes_on(
    case: FeedbackCase, runner: FlaskCliRunner, database_url: str
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL's own files are its own; docs/security.md says what they tell")
    path = Path(database_url.removeprefix("sqlite:///"))
    files = [path, Path(f"{path}-wal")]
    assert any(NAMED.encode() in file.read_bytes() for file in files)
    order = of_the_answer(case)
    assert runner.invoke(args=["survey", "erase", *order, "--reason", "Theo đơn"]).exit_code == 0
    assert [file.name for file in files if file.exists() and NAMED.encode() in file.read_bytes()] == []


def test_the_log_of_an_earlier_version_loses_them_when_it_is_upgraded_and_stays_as_it_is(unmigrated: Flask) -> None:
    flask_migrate.upgrade(revision="0055")
    told = {"state": "answered", "answer": WORDS, "said": WORDS}
    with db.engine.begin() as connection:
        for action, before in (("answer_feedback", {"state": "received", "answer": None}), ("propose_reply", None)):
            entry = {"at": now(), "action": action, "object_type": "feedback", "object_id": "1"}
            connection.execute(insert(AuditEntry), [entry | {"before": before, "after": told}])
    flask_migrate.upgrade()
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.before, entry.after) for entry in entries] == [
        ({"state": "received"}, {"state": "answered"}),
        (None, {"state": "answered"}),
    ]
    with pytest.raises(DBAPIError, match="never changed"), db.engine.begin() as connection:
        connection.execute(update(AuditEntry).values(action="other"))
