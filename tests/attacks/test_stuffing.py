"""A clerk posts good marks: all of it is kept, and the share beyond what a counter can serve is told at once."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, func, select, text

from analysis.figures.query import FigureQuery
from analysis.figures.service import answer
from survey.foundation.clock import now
from survey.foundation.periods import Period
from survey.responses.ingest import receive
from survey.responses.models import AnswerBeyondCapacity, Response
from survey.responses.submission import Submission
from tests.channels.conftest import Visitor
from tests.channels.world import MANY, make_world
from tests.support.clocks import frozen_at
from tests.support.worlds import stored_world

ITEM = "access_seats"  # one of the detailed questions, which few answer
database_url = stored_world("counters_of_every_kind", make_world, "app")
frozen_clock = frozen_at(dt.datetime(2026, 11, 20, 3, 5, tzinfo=dt.UTC))  # all of it within an hour


def counted(database: SQLAlchemy) -> tuple[int, int]:
    """Answers, and how many of them are marked."""
    database.session.rollback()
    rows = (database.session.scalar(select(func.count()).select_from(t)) for t in (Response, AnswerBeyondCapacity))
    return tuple(count or 0 for count in rows)  # type: ignore[return-value]


def rate(visitor: Visitor, times: int) -> None:
    for _ in range(times):
        assert visitor.send(visitor.open(), overall_service="5", overall_procedures="5").status_code == 200


def batch(count: int, channel: str = "qr") -> list[Submission]:
    fields = {"questionnaire": "administration", "version": 1, "counter": MANY, "answered_at": now()}
    return [
        Submission(id=uuid.uuid4(), channel=channel, answers={"overall_service": 5}, **fields) for _ in range(count)
    ]


def test_sixty_posts_in_a_row_are_all_kept_and_those_beyond_capacity_marked(app: Flask, database: SQLAlchemy) -> None:
    rate(Visitor(app.test_client(), MANY), 60)
    assert counted(database) == (60, 30)


def test_the_mark_stands_beside_the_figure_at_once(app: Flask, database: SQLAlchemy) -> None:
    rate(Visitor(app.test_client(), MANY), 40)
    month = Period.parse("2026-11")
    notes = answer(FigureQuery(province="dak-lak", subject="agency_service", period=month)).notes
    (note,) = [note.message for note in notes if note.code == "beyond_capacity"]
    assert "10 phiếu (25" in note.replace("\N{NO-BREAK SPACE}", " ")


def test_only_marked_answers_to_the_question_asked_are_told_beside_it(app: Flask, database: SQLAlchemy) -> None:
    rate(Visitor(app.test_client(), MANY), 40)
    with app.app_context():
        receive([replace(sent, answers={"overall_service": 5, ITEM: 5}) for sent in batch(12)])
    asked = FigureQuery(province="dak-lak", subject="agency_service", period=Period.parse("2026-11"), items=(ITEM,))
    (note,) = [note.message for note in answer(asked).notes if note.code == "beyond_capacity"]
    assert "12 phiếu (100" in note.replace("\N{NO-BREAK SPACE}", " ")


def test_a_family_behind_one_address_is_neither_stopped_nor_marked(app: Flask, database: SQLAlchemy) -> None:
    """Eight telephones of one house, one after the other; then the whole waiting room behind the office's address."""
    for _ in range(8):
        rate(Visitor(app.test_client(), MANY), 1)
    assert counted(database) == (8, 0)
    for _ in range(20):
        rate(Visitor(app.test_client(), MANY), 1)
    assert counted(database) == (28, 0)


@pytest.mark.parametrize(("channel", "marked"), [("qr", 20), ("kiosk", 20), ("paper", 0), ("import", 0)])
def test_what_comes_in_one_batch_is_marked_like_what_comes_singly(
    app: Flask, database: SQLAlchemy, channel: str, marked: int
) -> None:
    with app.app_context():
        assert {receipt.status for receipt in receive(batch(50, channel))} == {"stored"}
    assert counted(database) == (50, marked)


def test_the_same_answers_again_mark_nothing(app: Flask, database: SQLAlchemy) -> None:
    sent = batch(30)
    with app.app_context():
        receive(sent)
        assert {receipt.status for receipt in receive(sent)} == {"duplicate"}
    assert counted(database) == (30, 0)


def test_an_answer_to_a_flooded_counter_costs_no_more_than_the_one_before(app: Flask, database: SQLAlchemy) -> None:
    """Whoever sends thousands must not make each further answer of that hour dearer."""
    with app.app_context():
        receive(batch(100))
        early = effort(database, partial(receive, batch(50)))
        for _ in range(4):
            receive(batch(500))
        late = effort(database, partial(receive, batch(50)))
    assert 0 < late < 1.5 * early, (early, late)
    assert counted(database) == (2200, 2170)


def effort(database: SQLAlchemy, work: Callable[[], object]) -> int:
    """How much the database does: on SQLite hundreds of steps of its machine, on PostgreSQL answers counted an hour."""
    if database.engine.dialect.name == "postgresql":
        work()
        query = "SELECT answers_in_hour(counter_id, day, answered_at, 30) FROM responses LIMIT 1"
        return int(database.session.scalar(text(query)) or 0)
    steps: list[None] = []

    def watch(connection: Any, *_others: object) -> None:
        connection.set_progress_handler(lambda: steps.append(None), 100)

    def leave(connection: Any, *_others: object) -> None:
        connection.set_progress_handler(None, 100)

    listeners = {"checkout": watch, "checkin": leave}
    for name, listener in listeners.items():
        event.listen(database.engine, name, listener)
    work()
    for name, listener in listeners.items():
        event.remove(database.engine, name, listener)
    return len(steps)
