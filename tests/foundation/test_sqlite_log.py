"""Emptying SQLite's log beside people who read and write: nobody waits long for it, and it is tried again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from survey.foundation.storage import sqlite_log
from survey.foundation.storage.database import db, writing
from survey.foundation.storage.sqlite_log import empty_log

pytestmark = pytest.mark.one_database


@pytest.fixture
def path(app: Flask, database_url: str) -> Iterator[Path]:
    with app.app_context():
        yield Path(database_url.removeprefix("sqlite:///"))


def log_of(path: Path) -> int:
    return Path(f"{path}-wal").stat().st_size


def write() -> None:
    with writing() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS words (word TEXT)"))
        session.execute(text("INSERT INTO words VALUES ('lời đã xóa')"))


def test_the_log_is_empty_and_the_database_holds_what_it_held(path: Path) -> None:
    write()
    assert log_of(path) > 0
    assert empty_log()
    assert log_of(path) == 0
    assert db.session.scalar(text("SELECT count(*) FROM words")) == 1


def test_who_reads_meanwhile_is_let_read_and_the_log_is_emptied_when_they_are_done(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM words").fetchall()
        write()
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            write()  # citizens go on
            if len(pauses) == 2:
                reader.execute("COMMIT")

        monkeypatch.setattr(sqlite_log.time, "sleep", pause)
        assert empty_log()
        assert len(pauses) == 2
    assert log_of(path) == 0


def test_who_reads_all_the_time_does_not_hold_it_up_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write()
    monkeypatch.setattr(sqlite_log, "TRIES", 2)
    monkeypatch.setattr(sqlite_log.time, "sleep", lambda _seconds: None)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM words").fetchall()
        write()
        assert not empty_log()
    assert empty_log()
