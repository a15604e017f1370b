"""The demonstration with a small part of its answers: filled once per run, copied for whoever asks."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from time_machine import travel

from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory, SQLiteDatabases
from tests.support.run_directory import locked, unique_name

if TYPE_CHECKING:
    from flask import Flask

DAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 5, tzinfo=dt.UTC)
PART = 0.04


def fill(template: Path, migrated: Path) -> None:
    """Make the template from a migrated database."""
    from analysis.results.demo import publish_demo
    from survey.demo.feedback import open_demo_cases
    from survey.demo.fill import fill as fill_demo
    from survey.foundation.configuration.settings import Settings

    draft = template.with_suffix(".draft")
    shutil.copyfile(migrated, draft)
    settings = Settings(secret_key=SECRET_KEY, database_url=f"sqlite:///{draft}", testing=True)
    with travel(NOON, tick=False), application(settings) as app, app.app_context():
        fill_demo(DAY, PART)
        publish_demo()
        open_demo_cases()
    draft.rename(template)


@pytest.fixture(scope="session")
def demonstration_file(run_directory: Path, sqlite_databases: SQLiteDatabases) -> Path:
    """The filled SQLite file; copy it, do not open it."""
    template = run_directory / "demonstration.sqlite3"
    with locked(run_directory, "demonstration"):
        if not template.exists():
            fill(template, sqlite_databases.template)
    return template


@pytest.fixture
def demonstration(demonstration_file: Path, run_directory: Path) -> Iterator[Flask]:
    """The application with the small demonstration on a noon of November 2026."""
    from survey.foundation.configuration.settings import Settings

    path = run_directory / f"{unique_name()}.sqlite3"
    shutil.copyfile(demonstration_file, path)
    settings = Settings(secret_key=SECRET_KEY, database_url=f"sqlite:///{path}", log_level="ERROR", testing=True)
    with travel(NOON, tick=False), application(settings) as app:
        yield app
    path.unlink()


@pytest.fixture(params=["sqlite", "postgresql"])
def demonstration_on_each(request: pytest.FixtureRequest, demonstration: Flask, run_directory: Path) -> Iterator[Flask]:
    """The application with the small demonstration, once on each kind of database."""
    if request.param == "sqlite":
        yield demonstration
        return
    from survey.foundation.configuration.settings import Settings

    with on_postgresql(request, demonstration, run_directory) as url:
        settings = Settings(secret_key=SECRET_KEY, database_url=url, log_level="ERROR", testing=True)
        with application(settings) as app:
            yield app


def on_postgresql(
    request: pytest.FixtureRequest, demonstration: Flask, run_directory: Path
) -> AbstractContextManager[str]:
    """The address of a copy of the small demonstration on PostgreSQL."""
    databases: DatabaseFactory = request.getfixturevalue("postgresql_databases")
    return copied_to(databases, demonstration, run_directory)


def copied_to(databases: DatabaseFactory, demonstration: Flask, run_directory: Path) -> AbstractContextManager[str]:
    """The same, made by whoever makes databases."""
    from survey.backups import dump, load
    from survey.foundation.configuration.settings import Settings

    def fill_from_backup(url: str) -> None:
        kept = run_directory / f"{unique_name()}.zip"
        with demonstration.app_context():
            dump.backup(kept)
        with application(Settings(secret_key=SECRET_KEY, database_url=url, testing=True)) as app, app.app_context():
            load.restore(kept)
        kept.unlink()

    return databases.filled("demonstration", fill_from_backup)
