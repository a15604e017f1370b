"""A citizen's visit asks the database little: none or one statement for a form, one short transaction for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, text

from survey.foundation.storage.database import db
from tests.channels.conftest import RECORDED, Stored, Visitor
from tests.channels.world import MANY
from tests.support.breaking import told_of_statements

ALL = {"overall_service": "5", "overall_procedures": "2", "officials_polite": "4", "service": "dat-dai"}


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """What is sent to the database inside: statements, and where transactions begin and end."""
    sent: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(statement: str) -> None:
        if not statement.startswith("BEGIN"):  # SQLite's, which "begin" tells of already
            sent.append(statement)

    listeners = {
        "begin": lambda _c: sent.append("BEGIN"),
        "commit": lambda _c: sent.append("COMMIT"),
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        with told_of_statements(engine, note):
            yield sent
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


@pytest.fixture
def warm(visitor: Visitor) -> Visitor:
    """A visitor after others."""
    visitor.send(visitor.open(), **ALL)
    return visitor


def test_a_form_that_was_shown_a_moment_ago_asks_nothing(world: Flask, warm: Visitor) -> None:
    with counted(world) as sent:
        warm.open()
    assert sent == []


def test_a_form_asks_for_the_stamp_alone_when_another_process_may_have_changed_the_register(
    world: Flask, warm: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.foundation.caching.register.SECOND", 0)
    with counted(world) as sent:
        warm.open()
    assert [statement for statement in sent if "register_stamps" not in statement] in ([], ["BEGIN"])


@pytest.mark.parametrize("comment", ["", "Chờ lâu"])
def test_an_answer_takes_one_transaction_of_at_most_six_statements_and_thanks_for_it(
    world: Flask, warm: Visitor, stored: Stored, comment: str
) -> None:
    token = warm.open()
    with counted(world) as sent:
        assert RECORDED in warm.send(token, **ALL, comment=comment).text
    assert [statement for statement in sent if statement in ("BEGIN", "COMMIT")] == ["BEGIN", "COMMIT"]
    assert len(sent) <= 6, "\n".join(sent)
    assert len(stored()) == 2


def test_an_answer_waits_for_postgresql_once(world: Flask, warm: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.app_context():
        if db.engine.dialect.name == "sqlite":
            pytest.skip("SQLite is no server to wait for")
    for _visit in range(8):  # until psycopg has prepared the statements
        warm.send(warm.open(), **ALL)
    waits: list[object] = []
    wait = psycopg.Connection.wait

    def watched(steps: Any) -> Any:
        reply = None
        while True:
            try:
                asked = steps.send(reply)
            except StopIteration as ended:
                return ended.value
            waits.append(asked)
            reply = yield asked

    def noted(connection: psycopg.Connection[Any], steps: Any, *given: Any, **options: Any) -> Any:
        return wait(connection, watched(steps), *given, **options)

    token = warm.open()
    monkeypatch.setattr(psycopg.Connection, "wait", noted)
    warm.send(token, **ALL)
    assert 1 <= len(waits) <= 4, waits  # a few for one statement: its socket is ready to be written, then to be read


def test_an_answer_that_finds_the_register_changed_is_checked_again(
    world: Flask, warm: Visitor, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process changed it after this one looked: nothing is stored under what no longer stands."""
    token = warm.open()
    with world.app_context(), db.engine.begin() as connection:  # no session: this process notices nothing
        connection.execute(text("UPDATE counters SET closed_on = '2020-01-01'"))
    page = warm.client.post(f"/c/{MANY}", data={"token": token, **ALL})
    assert page.status_code == 404
    assert len(stored()) == 1
