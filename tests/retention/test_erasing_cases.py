"""A report is erased on request, with its words and all that hangs on it, and no backup brings it back."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from survey.feedback.entering import Entry, enter
from survey.feedback.flow import answer_case
from survey.feedback.follow.contacts import leave_contact
from survey.feedback.models import FeedbackCase, FeedbackContact, FeedbackStep
from survey.feedback.service import ask_for_reply
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.identifiers import new_id
from survey.registry.models import Counter
from survey.responses.models import Response, SearchableComment
from tests.channels.world import MANY
from tests.retention.test_erasing import database_url, give, tallied, world
from tests.support.staff import make_user

__all__ = ["database_url", "world"]
WORDS = "Bà Lan ở số 5 kêu thiếu ghế"
HANGING = (FeedbackCase, FeedbackStep, FeedbackContact)


def entered(world: Flask, database: SQLAlchemy) -> int:
    """A case that a clerk entered, answered, with a contact; its number."""
    user_id = make_user(world, "can-bo", "officer")
    counter = database.session.scalars(select(Counter).where(Counter.code == MANY)).one()
    place = (counter.agency.province_id, counter.agency_id)
    enter(Entry(new_id(), *place, "administration", "paper", WORDS), user_id)
    database.session.rollback()
    case_id = database.session.scalars(select(FeedbackCase.id)).one()
    leave_contact(case_id, "0912345678")
    answer_case(case_id, "Đã kê ghế.")
    return case_id


def left(database: SQLAlchemy) -> list[int]:
    database.session.rollback()
    return [database.session.scalar(select(func.count()).select_from(table)) or 0 for table in HANGING]


def erase(world: Flask, case_id: int) -> tuple[int, str]:
    asked = ["survey", "erase", "--case", str(case_id), "--reason", "Theo đơn", "--format", "json"]
    result = world.test_cli_runner().invoke(args=asked)
    return result.exit_code, result.stdout


def test_what_a_clerk_entered_is_erased_and_the_log_says_why_and_not_what(world: Flask, database: SQLAlchemy) -> None:
    case_id = entered(world, database)
    assert 0 not in left(database)
    code, said = erase(world, case_id)
    assert (code, json.loads(said)) == (0, {"erased": 1})
    assert left(database) == [0, 0, 0]
    entry = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "erase_case")).one()
    assert (entry.object_id, entry.after) == (str(case_id), {"note": "Theo đơn"})
    assert erase(world, case_id)[0] == 2


def test_of_a_citizens_report_the_words_go_and_the_rating_stays(world: Flask, database: SQLAlchemy) -> None:
    given, other = give(), give(value=5)
    ask_for_reply(given.id)
    assert erase(world, database.session.scalars(select(FeedbackCase.id)).one())[0] == 0
    assert left(database) == [0, 0, 0]
    comments = dict(database.session.execute(select(Response.id, Response.comment)).all())
    assert (comments[given.id], bool(comments[other.id])) == (None, True)
    assert database.session.scalars(select(SearchableComment.response_id)).all() == [other.id]
    assert tallied(database) == {2: 1, 5: 1}


def test_a_backup_of_before_does_not_bring_it_back(world: Flask, database: SQLAlchemy, tmp_path: Path) -> None:
    case_id, backup, runner = entered(world, database), str(tmp_path / "before.zip"), world.test_cli_runner()
    assert runner.invoke(args=["survey", "backup", backup]).exit_code == 0
    assert erase(world, case_id)[0] == 0
    database.session.rollback()
    for _time in range(2):
        result = runner.invoke(args=["survey", "restore", "--force", backup])
        assert result.exit_code == 0, result.output
        assert left(database) == [0, 0, 0]
