"""The audit log tells who changed what, stands or falls with the change itself, and is only ever added to."""

from __future__ import annotations

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from survey.foundation.changes import audit
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.storage.database import writing


def _fail_after_tracing() -> None:
    with writing() as session:
        audit.record(session, "create", "user", 1)
        raise RuntimeError


def test_a_trace_disappears_with_the_change_that_failed(database: SQLAlchemy) -> None:
    with pytest.raises(RuntimeError):
        _fail_after_tracing()
    assert database.session.scalars(select(AuditEntry)).all() == []


CHANGES = ["UPDATE audit_entries SET action = action", "DELETE FROM audit_entries"]
CHANGES_OF = {
    "sqlite": [
        *CHANGES,
        "REPLACE INTO audit_entries (id, at, action, object_type, object_id) VALUES (1, 1, '', '', '')",
    ],
    "postgresql": [*CHANGES, "TRUNCATE audit_entries"],
}


def test_the_database_itself_refuses_to_change_or_remove_a_trace(database: SQLAlchemy) -> None:
    with writing() as session:
        audit.record(session, "create", "user", 1, after={"username": "moi"})
    for statement in CHANGES_OF[database.engine.dialect.name]:
        with (
            pytest.raises(DBAPIError, match="audit entries are never changed or removed"),
            database.engine.begin() as c,
        ):
            c.execute(text(statement))
    (entry,) = database.session.scalars(select(AuditEntry))
    assert (entry.id, entry.action, entry.after) == (1, "create", {"username": "moi"})


def test_the_log_goes_on_after_a_refusal(database: SQLAlchemy) -> None:
    for number in (1, 2):
        with writing() as session:
            audit.record(session, "create", "user", number)
        with pytest.raises(DBAPIError), database.engine.begin() as connection:
            connection.execute(text("DELETE FROM audit_entries"))
    assert [entry.object_id for entry in database.session.scalars(select(AuditEntry))] == ["1", "2"]
