"""However many answers are stored, what one more asks of the database goes by an index."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import text

from tests.responses.handing_in import statuses, submission
from tests.support.breaking import told_of_statements

pytestmark = pytest.mark.usefixtures("register")


def test_an_answer_is_found_by_its_key_though_the_first_were_stored_in_an_empty_table(database: Any) -> None:
    """PostgreSQL remembers how it checked the first: reading a table of one page whole, later one of thousands."""
    from survey.foundation.storage.database import writing
    from survey.responses.ingest import store

    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite always goes by the key")
    with writing() as session:
        session.execute(text("ANALYZE"))
        for _number in range(8):
            store(session, [submission()])
        read_whole = text("SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0")
        assert {"responses", "ratings", "tallies"}.isdisjoint(session.scalars(read_whole))


def test_no_statement_of_an_answer_reads_on_sqlite_what_grows_with_the_answers(database: Any) -> None:
    """New, with words, beyond a counter's capacity, sent again: whatever is asked goes by an index."""
    if database.engine.dialect.name != "sqlite":
        pytest.skip("the test before looks at PostgreSQL's")
    sent: list[str] = []
    answers = [submission(comment="Chờ lâu") for _number in range(40)]  # 30 an hour are a counter's capacity
    with told_of_statements(database.engine, sent.append):
        assert set(statuses(*answers)) == {"stored"}
        assert statuses(answers[0]) == ["duplicate"]
    planned = [statement for statement in sent if statement.startswith(("INSERT", "WITH", "SELECT"))]
    assert {"responses", "ratings", "tallies", "answers_beyond_capacity"} <= {
        table for statement in planned for table in re.findall(r"INSERT INTO (\w+)", statement)
    }
    plans = [step for statement in planned for step in plan(database, statement)]
    assert any(step.startswith("SEARCH other USING") for step in plans)  # how many are stored in the hour
    # Comments too are planned to be gone through, but only for answers that a broken foreign key waits for: never.
    assert [step for step in plans if re.match("SCAN (responses|other|ratings|tallies)", step)] == []


def plan(database: Any, statement: str) -> list[str]:
    """The steps by which SQLite carries a statement out, whatever its parameters."""
    given: Any = dict.fromkeys(re.findall(r":(\w+)", statement), 1) or (None,) * statement.count("?")
    with database.engine.connect() as connection:
        rows = connection.connection.dbapi_connection.execute(f"EXPLAIN QUERY PLAN {statement}", given)
        return [row[3] for row in rows]
