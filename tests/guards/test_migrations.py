"""Migrations: one line of them, ending at what the models say, each passable both ways with rows in the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import flask_migrate
import pytest
from alembic.script import Script, ScriptDirectory
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, MetaData, TextClause, create_engine, inspect, select, text

from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import db
from survey.foundation.storage.schema_revision import program_revision
from tests.guards.rows import BOOKKEEPING, counts, fill_empty_tables
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
    assert ScriptDirectory(str(VERSIONS.parent)).get_heads() == [program_revision()]
    files = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert [name[:4] for name in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]
    assert [script.revision for script in scripts()] == [name[:4] for name in files]


def test_a_migration_imports_nothing_of_the_program() -> None:
    ours = re.compile(r"^\s*(?:from|import) (?:survey|kiosk|analysis|wsgi)\b", flags=re.MULTILINE)
    assert [path.name for path in VERSIONS.glob("*.py") if ours.search(path.read_text(encoding="utf-8"))] == []


def described(engine: Engine) -> set[str]:
    """All a database says of its tables, a line each: also checks and defaults, which Alembic does not compare."""
    inspector = inspect(engine)
    lists = ("columns", "check_constraints", "indexes", "unique_constraints", "foreign_keys")
    described_parts = [
        (aspect, table, row)
        for aspect in lists
        for (_schema, table), several in getattr(inspector, f"get_multi_{aspect}")().items()
        for row in several
    ]
    described_parts += [
        ("primary key", table, row) for (_schema, table), row in inspector.get_multi_pk_constraint().items()
    ]
    return {f"{table} {aspect}: {told(row)}" for aspect, table, row in described_parts if table != BOOKKEEPING}


def told(value: object) -> str:
    """A value as text, whatever order its parts came in."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={told(value[name])}" for name in sorted(value))
    return str(value) if isinstance(value, TextClause) else repr(value)


def test_the_newest_migration_makes_exactly_the_tables_that_the_models_describe(
    database: SQLAlchemy, empty_database_url: str
) -> None:
    engine = create_engine(empty_database_url)
    database.metadata.create_all(engine)
    migrated, meant = described(database.engine), described(engine)
    engine.dispose()
    assert len(meant) > 200
    assert (sorted(migrated - meant), sorted(meant - migrated)) == ([], []), "only migrated, only in the models"


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


# The schema that each released version ended with; a release adds its own.
RELEASED = {"0.1.0": "0019"}
# Of instants only the hour is kept (0030); a mark changes with the ratings it stands for.
MEANT_TO_CHANGE = {f"responses.{name}" for name in ("answered_at", "received_at", "device_answered_at")}
MEANT_TO_CHANGE |= {"ratings.received_at", "searchable_comments.answered_at"}
MEANT_TO_CHANGE |= {"rating_marks.stamp", "rating_marks.latest"}
MEANT_TO_CHANGE |= {"devices.status", "devices.oldest_unsent_at"}  # 0057 keeps the hour alone
# What a later version does without: which ticket an answer came by is not kept (0023), a session is a row, and failed
# attempts are counted elsewhere (0026).
MEANT_TO_GO = {"users.session_version", "users.failed_logins", "users.locked_until", "tickets.response_id"}

Rows = dict[str, dict[tuple[str, ...], dict[str, str]]]


def rows(names: Iterable[str]) -> Rows:
    """Every row of these tables by what stays of its primary key, its columns by their names."""
    described = MetaData()
    with db.engine.connect() as connection:
        described.reflect(connection, only=list(names))
        return {
            name: {
                tuple(str(row[key.name]) for key in table.primary_key if f"{name}.{key.name}" not in MEANT_TO_CHANGE): {
                    column: str(value) for column, value in row.items()
                }
                for row in connection.execute(select(table)).mappings()
            }
            for name, table in described.tables.items()
            if name in names
        }


def changed(before: Rows, after: Rows) -> set[str]:
    """Which columns hold something else, or are no more; a row that is gone lost all of them."""
    return {
        f"{name}.{column}"
        for name, held in before.items()
        for key, row in held.items()
        for column, value in row.items()
        if after.get(name, {}).get(key, {}).get(column) != value
    }


@pytest.mark.parametrize("version", RELEASED)
def test_an_installation_of_a_released_version_is_upgraded_with_all_it_holds(unmigrated: Flask, version: str) -> None:
    flask_migrate.upgrade(revision=RELEASED[version])
    with db.engine.begin() as connection:
        fill_empty_tables(connection)
    before = rows(stored())
    flask_migrate.upgrade()
    assert len(before) > 35
    assert min(len(held) for held in before.values()) > 0
    assert changed(before, rows(stored())) <= MEANT_TO_CHANGE | MEANT_TO_GO
    client = unmigrated.test_client()
    assert [client.get(address).status_code for address in ("/readyz", "/", "/login")] == [200] * 3


NAMED_IN_REPORTS = {  # by their documents: their short names, and their numbers
    "Quyết định số 1/QĐ-UBND ngày 01/02/2012 của UBND tỉnh (Chương trình)": (
        *("Quyết định số 1/QĐ-UBND ngày 01/02/2012 của UBND tỉnh", "1/QĐ-UBND"),
    ),
    "Nghị quyết số 2/NQ-HĐND ngày 01/02/2026 của HĐND tỉnh": ("", "Nghị quyết số 2/NQ-HĐND"),
    "Kế hoạch của tỉnh": ("", ""),
}


def test_documents_entered_before_keep_the_names_that_reports_gave_them(unmigrated: Flask) -> None:
    flask_migrate.upgrade(revision="0042")
    with db.engine.begin() as connection:
        fill_empty_tables(connection)
        described = MetaData()
        described.reflect(connection, only=["targets"])
        targets = described.tables["targets"]
        any_target = dict(connection.execute(select(targets).limit(1)).mappings().one())
        connection.execute(targets.delete())
        for number, document in enumerate(NAMED_IN_REPORTS, start=1):
            connection.execute(
                targets.insert().values(any_target | {"id": number, "code": f"t{number}", "document": document})
            )
    flask_migrate.upgrade(revision="0043")
    with db.engine.connect() as connection:
        held = connection.execute(text("SELECT document, document_short, document_number FROM targets")).all()
    assert {document: (short, number) for document, short, number in held} == NAMED_IN_REPORTS


def test_every_release_has_its_schema_here() -> None:
    changelog = (VERSIONS.parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
    open_one, *released = re.findall(r"^## (\S+)$", changelog, flags=re.MULTILINE)
    assert sorted(released) == sorted(RELEASED)
    assert RELEASED.keys().isdisjoint({open_one})
