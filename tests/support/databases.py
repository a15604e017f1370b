"""Databases for tests: migrated once per run into a template, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest

from tests.support import postgres_server
from tests.support.run_directory import locked, unique_name

SECRET_KEY = "a key that only tests ever use"
KINDS = ["sqlite", "postgresql"]


class DatabaseFactory(Protocol):
    """Makes databases of one kind that last as long as the `with` block."""

    def empty(self) -> AbstractContextManager[str]:
        """Give the address of a database without any table."""

    def migrated(self) -> AbstractContextManager[str]:
        """Give the address of a database that `flask db upgrade` made ready."""

    def filled(self, name: str, fill: Callable[[str], None]) -> AbstractContextManager[str]:
        """Give the address of a copy of what `fill` put, once per run, into the migrated database at an address."""


class SQLiteDatabases:
    """SQLite files in the run's directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "sqlite"
        self.template = self.directory / "template.sqlite3"
        with locked(directory, "sqlite"):
            if not self.template.exists():
                self.directory.mkdir(exist_ok=True)
                draft = self.directory / "draft.sqlite3"
                migrate(f"sqlite:///{draft}")
                draft.rename(self.template)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Give the address of a file that does not exist yet."""
        folder = self.directory / unique_name()
        folder.mkdir()
        yield f"sqlite:///{folder / 'database.sqlite3'}"
        shutil.rmtree(folder)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Give the address of a copy of the template."""
        with self._copy(self.template) as url:
            yield url

    @contextmanager
    def filled(self, name: str, fill: Callable[[str], None]) -> Iterator[str]:
        """Give the address of a copy of the filled file."""
        template = self.directory / f"{name}.sqlite3"
        with locked(self.directory.parent, name):
            if not template.exists():
                with self.migrated() as url:
                    fill(url)
                    shutil.copyfile(url.removeprefix("sqlite:///"), template)
        with self._copy(template) as url:
            yield url

    @contextmanager
    def _copy(self, template: Path) -> Iterator[str]:
        with self.empty() as url:
            shutil.copyfile(template, url.removeprefix("sqlite:///"))
            yield url


class PostgreSQLDatabases:
    """Databases on the run's own server."""

    TEMPLATE = "template_migrated"

    def __init__(self, directory: Path, url: str = "") -> None:
        """`url`: of a server that runs already, with `{}` for the database; else the run's own is started."""
        self.directory = directory
        with locked(directory, "postgresql"):
            self.url = url or postgres_server.start(directory)
            if not self._exists(self.TEMPLATE):
                self._execute("CREATE DATABASE draft")
                migrate(self.url.format("draft"))
                self._execute(f"ALTER DATABASE draft RENAME TO {self.TEMPLATE}")

    @contextmanager
    def empty(self) -> Iterator[str]:
        """Give the address of a database without tables."""
        with self._database("template1") as url:
            yield url

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Give the address of a copy of the template."""
        with self._database(self.TEMPLATE) as url:
            yield url

    @contextmanager
    def filled(self, name: str, fill: Callable[[str], None]) -> Iterator[str]:
        """Give the address of a copy of the filled database."""
        template = f"template_{name}"
        with locked(self.directory, f"postgresql_{name}"):
            if not self._exists(template):
                self._execute(f"CREATE DATABASE draft_{name} TEMPLATE {self.TEMPLATE}")
                fill(self.url.format(f"draft_{name}"))
                self._execute(f"ALTER DATABASE draft_{name} RENAME TO {template}")
        with self._database(template) as url:
            yield url

    def close(self) -> None:
        """Give back the connection that made the databases."""
        self._connection.close()

    def _exists(self, name: str) -> bool:
        return bool(self._execute("SELECT 1 FROM pg_database WHERE datname = %s", name))

    @contextmanager
    def _database(self, template: str) -> Iterator[str]:
        name = unique_name()
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield self.url.format(name)
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str, *parameters: str) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []

    @cached_property
    def _connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.url.format("postgres").replace("+psycopg", ""), autocommit=True)


def migrate(url: str) -> None:
    """Bring the database at an address to the head."""
    # Imported late: tests that need no database do not pay for the whole program.
    import flask_migrate

    from survey.foundation.configuration.settings import Settings
    from survey.foundation.storage.database import db
    from wsgi import create_app

    app = create_app(Settings(secret_key=SECRET_KEY, database_url=url, testing=True))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_databases(run_directory: Path) -> DatabaseFactory:
    """Makes SQLite databases."""
    return SQLiteDatabases(run_directory)


@pytest.fixture(scope="session")
def postgresql_databases(run_directory: Path) -> Iterator[DatabaseFactory]:
    """Makes PostgreSQL databases."""
    databases = PostgreSQLDatabases(run_directory)
    yield databases
    databases.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a database runs once on each kind; one marked `one_database` on the cheaper alone."""
    if "databases" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("one_database")
        metafunc.parametrize("databases", KINDS[:1] if marked else KINDS, indirect=True)


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> DatabaseFactory:
    """Makes databases of the kind this test runs on."""
    factory: DatabaseFactory = request.getfixturevalue(f"{request.param}_databases")
    return factory


@pytest.fixture
def database_url(databases: DatabaseFactory) -> Iterator[str]:
    """The address of a migrated database of this test's own."""
    with databases.migrated() as url:
        yield url


@pytest.fixture
def empty_database_url(databases: DatabaseFactory) -> Iterator[str]:
    """The address of a database of this test's own that has no table yet."""
    with databases.empty() as url:
        yield url
