"""A thief of a backup knows in which order citizens came to a counter, and looks for that order in what is stored."""

from __future__ import annotations

import json
import random
import sqlite3
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskCliRunner
from scipy.stats import rankdata
from sqlalchemy import select

from survey.foundation.storage.database import db
from survey.responses.ingest import receive
from survey.responses.models import Response
from survey.responses.submission import Submission
from tests.channels.conftest import Visitor
from tests.channels.world import MANY, make_world
from tests.support.worlds import stored_world

database_url = stored_world("counters_of_every_kind", make_world, "day")
MORNING = datetime(2026, 11, 20, 1, tzinfo=UTC)
HOURS, IN_AN_HOUR = 5, 12
# Of 60 rows in no order, less than one column in a million looks more in order than this (4.8 standard errors).
CHANCE = 0.65
Column = Sequence[object]


@pytest.fixture
def day(app: Flask) -> Flask:
    """A morning at one counter: every other citizen by phone, with words to be answered; the others at a kiosk."""
    minutes = random.Random(7)
    for hour in range(HOURS):
        for number, minute in enumerate(sorted(minutes.sample(range(60), IN_AN_HOUR))):
            with time_machine.travel(MORNING + timedelta(hours=hour, minutes=minute), tick=False):
                by_phone(app) if number % 2 else at_the_kiosk(app)
    return app


def by_phone(app: Flask) -> None:
    citizen = Visitor(app.test_client(), MANY)
    citizen.send(citizen.open(), overall_service="2", comment="Chờ lâu quá", reply="1")


def at_the_kiosk(app: Flask) -> None:
    from survey.foundation.clock import now

    with app.app_context():
        given = {"questionnaire": "administration", "version": 1, "counter": MANY, "channel": "kiosk"}
        answer = Submission(id=uuid.uuid4(), answered_at=now(), answers={"overall_service": 4}, **given)
        assert [receipt.status for receipt in receive([answer])] == ["stored"]


def came(app: Flask) -> dict[str, tuple[int, int]]:
    """The hour and the place within it of each answer, which only whoever stood there knows."""
    places = ((hour, number) for hour in range(HOURS) for number in range(IN_AN_HOUR))
    return {id_.hex: place for id_, place in zip(app.extensions["came"], places, strict=True)}


@pytest.fixture(autouse=True)
def _watcher(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody at the counter who writes down who came after whom."""
    app.extensions["came"] = seen = []
    true_hash = Submission.hash

    def see(self: Submission) -> str:
        if self.id not in seen:
            seen.append(self.id)
        return true_hash(self)

    monkeypatch.setattr(Submission, "hash", see)


def columns_of(rows: Sequence[Sequence[object]], ids: Mapping[str, object]) -> dict[int | str, dict[str, object]]:
    """For each column of a table, and for the order of its rows: what it says of each answer that a row names."""
    told: dict[int | str, dict[str, object]] = defaultdict(dict)
    for place, row in enumerate(rows):
        named = [plain for cell in row if (plain := str(cell).replace("-", "")) in ids]
        for answer in named[:1]:
            told["order of rows"][answer] = place
            for number, cell in enumerate(row):
                told[number][answer] = json.dumps(cell) if isinstance(cell, dict | list) else cell
    return told


def order_in(column: Mapping[str, object], came: Mapping[str, tuple[int, int]]) -> float:
    """How far a column follows the order in which citizens came, within their hours: 0 not at all, 1 or -1 wholly."""
    total = weight = 0.0
    for hour in range(HOURS):
        there = sorted((came[answer][1], value) for answer, value in column.items() if came[answer][0] == hour)
        values = [value for _place, value in there]
        if len(values) < 3 or len(set(map(str, values))) < 3:
            continue
        ranks = rankdata([float(v) for v in values] if _are_numbers(values) else _ranks([str(v) for v in values]))
        places = rankdata([place for place, _value in there])
        middle = (len(values) + 1) / 2
        over = float(((ranks - middle) * (places - middle)).sum())
        total += over
        weight += float((((ranks - middle) ** 2).sum() * ((places - middle) ** 2).sum()) ** 0.5)
    return total / weight if weight else 0.0


def _are_numbers(values: Sequence[object]) -> bool:
    return all(isinstance(value, int | float) for value in values)


def _ranks(texts: Sequence[str]) -> list[int]:
    places = {text: place for place, text in enumerate(sorted(set(texts)))}
    return [places[text] for text in texts]


def tell_tales(tables: Mapping[str, Sequence[Sequence[object]]], came: Mapping[str, tuple[int, int]]) -> list[str]:
    """Columns that follow the order in which citizens came."""
    return [
        f"{table}, column {name}: {order:.2f}"
        for table, rows in tables.items()
        for name, column in columns_of(rows, came).items()
        if abs(order := order_in(column, came)) > CHANCE
    ]


def backup_of(runner: FlaskCliRunner, path: Path) -> dict[str, list[list[object]]]:
    assert runner.invoke(args=["survey", "backup", str(path)]).exit_code == 0
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".jsonl")]
        return {name: [json.loads(line) for line in archive.read(name).decode().splitlines()] for name in names}


def test_no_column_and_no_order_of_rows_in_a_backup_follows_the_order_in_which_citizens_came(
    day: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    tables, known = backup_of(runner, tmp_path / "all.zip"), came(day)
    assert len(known) == HOURS * IN_AN_HOUR
    compared = {table: len(columns_of(rows, known)) for table, rows in tables.items() if columns_of(rows, known)}
    assert {"responses", "ratings", "searchable_comments", "feedback_cases"} <= {Path(name).stem for name in compared}
    assert tell_tales(tables, known) == []


def test_the_measure_sees_an_order_that_is_there(day: Flask) -> None:
    known = came(day)
    in_order = [[answer, place] for place, answer in enumerate(known)]
    assert tell_tales({"as they came": in_order}, known) == [
        "as they came, column order of rows: 1.00",
        "as they came, column 1: 1.00",
    ]


def test_a_copy_of_sqlites_own_file_does_not_tell_it_either_after_the_night(
    day: Flask, runner: FlaskCliRunner, database_url: str
) -> None:
    if not database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL has no number of a row; docs/security.md says what its files tell")
    known, path = came(day), database_url.removeprefix("sqlite:///")
    assert tell_tales(rows_by_number(path), known), "before the night rows lie as they came"
    with time_machine.travel(MORNING + timedelta(hours=15)):
        assert runner.invoke(args=["survey", "retention"]).exit_code == 0
    assert Path(f"{path}-wal").stat().st_size == 0, "pages as they were written, one after the other"
    assert tell_tales(rows_by_number(path), known) == []
    with day.app_context():
        assert len(db.session.scalars(select(Response)).all()) == HOURS * IN_AN_HOUR
        at_the_kiosk(day)


def rows_by_number(path: str) -> dict[str, list[list[object]]]:
    """Every table in the order of SQLite's own numbers of rows, with these."""
    connection = sqlite3.connect(path)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        orders = {}
        for table in tables:
            try:
                orders[table] = [
                    list(row) for row in connection.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid")
                ]
            except sqlite3.OperationalError:
                continue  # has no such numbers
        return orders
    finally:
        connection.close()
