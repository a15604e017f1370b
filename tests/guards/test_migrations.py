"""Migrations: one line of them, ending at what the models say, each passable both ways with rows in the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from survey.foundation.database import db
from survey.foundation.settings import Settings
from tests.guards.rows import counts, fill_empty_tables
from tests.support.applications import application
from tests.support.databases import SECRET_KEY

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


def scripts() -> list[Script]:
    """From the first to the newest."""
    return list(ScriptDirectory(str(VERSIONS.parent)).walk_revisions())[::-1]


@pytest.fixture
def unmigrated(empty_database_url: str) -> Iterator[Flask]:
    """The application on a database without tables."""
    settings = Settings(secret_key=SECRET_KEY, database_url=empty_database_url, testing=True)
    with application(settings) as app, app.app_context():
        yield app


def test_migrations_form_one_line_named_by_their_numbers() -> None:
    assert len(ScriptDirectory(str(VERSIONS.parent)).get_heads()) == 1
    files = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert [name[:4] for name in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    assert [script.revision for script in scripts()] == [name[:4] for name in files]


def test_a_migration_imports_nothing_of_the_program() -> None:
    ours = re.compile(r"^\s*(?:from|import) (?:survey|kiosk|analysis|wsgi)\b", flags=re.MULTILINE)
    assert [path.name for path in VERSIONS.glob("*.py") if ours.search(path.read_text(encoding="utf-8"))] == []


def test_the_newest_migration_makes_what_the_models_say(database: SQLAlchemy) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, database.metadata) == []


def stored() -> dict[str, int]:
    with db.engine.connect() as connection:
        return counts(connection)


def step_up(revision: str) -> None:
    """Migrate one step with rows in every table; none may be lost on the way."""
    before = stored()
    flask_migrate.upgrade(revision=revision)
    after = stored()
    assert {name: count for name, count in before.items() if after.get(name, 0) < count} == {}, f"up to {revision}"
    with db.engine.begin() as connection:
        fill_empty_tables(connection)


def step_down(revision: str) -> None:
    """Migrate one step back; the tables that stay keep their rows."""
    before = stored()
    flask_migrate.downgrade(revision=revision)
    after = stored()
    assert {name: count for name, count in after.items() if count != before[name]} == {}, f"down to {revision}"


def test_every_migration_can_be_gone_up_and_down_with_rows_in_the_tables(unmigrated: Flask) -> None:
    line = [script.revision for script in scripts()]
    for revision in line:
        step_up(revision)
    assert min(stored().values()) > 0
    for revision in [*reversed(line[:-1]), "base"]:
        step_down(revision)
    assert stored() == {}
    flask_migrate.upgrade()
    assert stored()["provinces"] == 3
