"""The audit log tells who changed what, and stands or falls with the change itself."""

from __future__ import annotations

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.foundation.database import writing
from survey.staff import audit
from survey.staff.models import AuditEntry


def _fail_after_tracing() -> None:
    with writing() as session:
        audit.record(session, "create", "user", 1)
        raise RuntimeError


def test_a_trace_disappears_with_the_change_that_failed(database: SQLAlchemy) -> None:
    with pytest.raises(RuntimeError):
        _fail_after_tracing()
    assert database.session.scalars(select(AuditEntry)).all() == []
