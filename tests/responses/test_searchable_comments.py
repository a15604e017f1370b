"""What was written before comments could be searched is made searchable by the migration, as the door does it."""

from __future__ import annotations

import flask_migrate
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from survey.responses.models import SearchableComment
from tests.desk.world import answer, make_world


def stored(database: SQLAlchemy) -> list[tuple[object, ...]]:
    rows = database.session.execute(select(SearchableComment.__table__)).all()
    database.session.rollback()
    return sorted(tuple(row) for row in rows)


@pytest.mark.usefixtures("database")
def test_the_migration_stores_what_the_door_would_have(app: Flask, database: SQLAlchemy) -> None:
    make_world(app)
    for value in (1, 4):
        answer("bv-tinh", "kham-benh", "2026-10-12", 1, value, comment=f"Đường ĐÔNG\n quá {value}")
    answer("ubnd-ea-tam", "ho-tich", "2026-10-12", 1, 5, named=False, comment="tốt")
    before = stored(database)
    assert len(before) == 3
    database.engine.dispose()
    flask_migrate.downgrade(revision="0011")
    flask_migrate.upgrade()
    assert stored(database) == before
