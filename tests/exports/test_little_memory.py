"""An export passes over every row: what SQLite would keep and map of them is kept small, and given back afterwards."""

from __future__ import annotations

from flask import Flask

from analysis.exports.queries import LITTLE, Narrowing, count_responses, stream_responses
from analysis.figures.register import fetch_province
from survey.foundation.database import db
from tests.desk.world import MONTHS


def pragmas() -> dict[str, int] | None:
    connection = db.session.connection()
    if connection.dialect.name != "sqlite":
        return None
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in LITTLE}


def test_a_connection_keeps_little_while_responses_are_read(world: Flask) -> None:
    with world.app_context():
        wanted = Narrowing(province_id=fetch_province("dak-lak").id, months=MONTHS)
        usual = pragmas()
        rows = stream_responses(wanted)
        next(rows)
        assert pragmas() in (None, LITTLE)
        assert 1 + sum(1 for _row in rows) == count_responses(wanted)
        assert pragmas() == usual


def test_a_reader_who_goes_away_leaves_the_connection_as_it_was(world: Flask) -> None:
    with world.app_context():
        usual = pragmas()
        rows = stream_responses(Narrowing(province_id=fetch_province("dak-lak").id, months=MONTHS))
        next(rows)
        rows.close()  # as the server does with an answer nobody reads any more
        assert pragmas() == usual
