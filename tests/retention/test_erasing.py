"""Answers erased by order are gone with all that hangs on them; what is over is dropped; figures stay whole."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from survey.feedback.flow import answer_case, close_case
from survey.feedback.models import FeedbackCase
from survey.feedback.service import ask_for_reply
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.clock import now, today
from survey.foundation.identifiers import new_id
from survey.responses.ingest import Submission, receive
from survey.responses.models import Rating, Response, SearchableComment, Tally
from tests.channels.world import MANY, make_world
from tests.support.worlds import stored_world

database_url = stored_world("counters_of_every_kind", make_world, "world")
TABLES = (Response, Rating, SearchableComment, FeedbackCase)


@pytest.fixture
def world(app: Flask) -> Flask:
    return app


def give(days_ago: int = 0, comment: str | None = "Chờ lâu quá", value: int = 2) -> Submission:
    """One answer, stored."""
    at = now() - dt.timedelta(days=days_ago)
    fields = {"counter": MANY, "answered_at": at, "channel": "qr", "comment": comment}
    submission = Submission(
        id=new_id(), questionnaire="administration", version=1, answers={"overall_service": value}, **fields
    )
    assert [receipt.status for receipt in receive([submission])] == ["stored"]
    return submission


def counts(database: SQLAlchemy) -> list[int]:
    database.session.rollback()
    return [database.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def tallied(database: SQLAlchemy) -> dict[int, int]:
    query = select(Tally.value, func.sum(Tally.count)).where(Tally.item == "overall_service").group_by(Tally.value)
    return {value: int(count) for value, count in database.session.execute(query)}


def test_an_answer_is_erased_with_all_that_hangs_on_it_and_the_reason_is_kept(
    world: Flask, database: SQLAlchemy, runner: FlaskCliRunner
) -> None:
    gone, kept = give(), give(value=5)
    ask_for_reply(gone.id)
    assert counts(database) == [2, 2, 2, 1]
    asked = ["survey", "erase", "--response", str(gone.id)]
    result = runner.invoke(args=[*asked, "--reason", "Theo đơn", "--format", "json"])
    assert (result.exit_code, json.loads(result.output)) == (0, {"erased": 1})
    assert counts(database) == [1, 1, 1, 0]
    assert tallied(database) == {5: 1}
    assert database.session.scalars(select(Response.id)).all() == [kept.id]
    entry = database.session.scalars(select(AuditEntry).where(AuditEntry.action == "erase_responses")).one()
    assert entry.after == {"count": 1, "note": "Theo đơn"}
    assert runner.invoke(args=[*asked, "--reason", "x"]).exit_code == 2


def test_answers_of_days_before_a_day_are_erased_and_no_others(
    world: Flask, database: SQLAlchemy, runner: FlaskCliRunner
) -> None:
    for days in (0, 1, 2, 3):
        give(days)
    day = (today() - dt.timedelta(days=1)).isoformat()
    assert runner.invoke(args=["survey", "erase", "--before", day, "--reason", "Hết hạn"]).exit_code == 0
    assert counts(database)[0] == 2
    assert tallied(database) == {2: 2}


@pytest.mark.parametrize("options", [[], ["--before", "2026-01-01"], ["--before", "hôm qua", "--reason", "x"]])
def test_without_a_choice_or_a_reason_nothing_is_erased(
    world: Flask, database: SQLAlchemy, runner: FlaskCliRunner, options: list[str]
) -> None:
    give()
    assert runner.invoke(args=["survey", "erase", *options]).exit_code == 2
    assert counts(database)[0] == 1


def test_after_two_years_words_go_and_ratings_stay_but_an_open_case_keeps_its_words(
    world: Flask, database: SQLAlchemy, runner: FlaskCliRunner
) -> None:
    for number in range(3):
        old = give(731)
        if number:
            ask_for_reply(old.id)
    give(700)
    case_id = database.session.scalars(select(FeedbackCase.id)).first()
    assert case_id is not None
    answer_case(case_id, "Đã xem.")
    close_case(case_id)
    rehearsed = runner.invoke(args=["survey", "retention", "--dry-run", "--format", "json"])
    assert json.loads(rehearsed.output)["comments"] == 2
    assert counts(database) == [4, 4, 4, 2]
    runner.invoke(args=["survey", "retention"])
    assert counts(database) == [4, 4, 2, 1]
    assert database.session.scalar(select(func.count(Response.comment))) == 2
    assert tallied(database) == {2: 4}


def test_the_commands_need_nothing_but_the_program(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["survey", "erase", "--before", "2026-01-01", "--reason", "x"]).exit_code == 0
    assert runner.invoke(args=["survey", "retention"]).exit_code == 0
