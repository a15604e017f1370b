"""SQLite's writers wait in line, in one process and between processes; whoever fails lets the next one write."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine

from survey.foundation.storage import database
from survey.foundation.storage.database import _engine_options


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with one number."""
    url = f"sqlite:///{tmp_path / 'numbers.sqlite3'}"
    engine = create_engine(url, **_engine_options(url))
    event.listen(engine, "connect", database._on_sqlite_connect)
    event.listen(engine, "begin", database._on_sqlite_begin)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE numbers (n INTEGER)"))
        connection.execute(text("INSERT INTO numbers VALUES (0)"))
    yield engine
    engine.dispose()


def add_one(engine: Engine, seconds: float = 0) -> None:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        n = connection.scalar(text("SELECT n FROM numbers")) or 0
        time.sleep(seconds)
        connection.execute(text("UPDATE numbers SET n = :n"), {"n": n + 1})


def number(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT n FROM numbers")) or 0)


def test_many_threads_and_another_process_lose_no_change(engine: Engine) -> None:
    other = os.fork()
    if other == 0:
        engine.dispose(close=False)
        for _turn in range(10):
            add_one(engine, 0.002)
        os._exit(0)
    threads = [threading.Thread(target=add_one, args=(engine, 0.002)) for _thread in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert os.waitpid(other, 0)[1] == 0
    assert number(engine) == 30


def test_whoever_fails_lets_the_next_one_write(engine: Engine) -> None:
    for _turn in range(3):
        with pytest.raises(ZeroDivisionError):
            fail(engine)
        add_one(engine)
    assert number(engine) == 3


def fail(engine: Engine) -> None:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("UPDATE numbers SET n = 99"))
        raise ZeroDivisionError


def test_reading_waits_for_nobody(engine: Engine) -> None:
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("UPDATE numbers SET n = 7"))
        assert number(engine) == 0
    assert number(engine) == 7
