"""A command that must write where nothing can be written says so in one sentence, not to wait; what reads goes on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, make_url, text

from survey.foundation.configuration.settings import SettingError, Settings
from survey.foundation.storage.database import db
from tests.guards.commands import WHERE
from tests.support.applications import application
from tests.support.databases import SECRET_KEY

WRITE = [
    ["analysis", "close", *WHERE, "--period", "2026-09"],
    ["survey", "retention"],
    ["reports", "subscribe", *WHERE, "--recipient", "so-y-te", "a@tinh.gov.vn"],
]


@pytest.fixture
def to_read(app: Flask) -> Iterator[Flask]:
    """The application's own database, of which nothing can be changed."""
    url = make_url(app.extensions["settings"].database_url)
    if url.get_backend_name() == "postgresql":
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            name = engine.dialect.identifier_preparer.quote(str(url.database))
            connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        engine.dispose()
    settings = Settings(secret_key=SECRET_KEY, database_url=url.render_as_string(hide_password=False), testing=True)
    with application(settings) as reading:
        if url.get_backend_name() == "sqlite":
            with reading.app_context():
                event.listen(
                    db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA query_only = 1")
                )
        yield reading


def test_what_must_write_says_that_it_may_not(to_read: Flask, subtests: pytest.Subtests) -> None:
    for command in WRITE:
        with subtests.test(" ".join(command)):
            result = to_read.test_cli_runner().invoke(args=command)
            assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1), result.output
            assert "chỉ đọc được" in result.stderr
            assert "Chờ rồi chạy lại" not in result.stderr


def test_what_reads_goes_on(to_read: Flask) -> None:
    assert to_read.test_cli_runner().invoke(args=["analysis", "targets"]).exit_code == 0


@pytest.mark.parametrize("place", ["/dev/null/here/x.sqlite3", "{}/no/such/folder/x.sqlite3"])
def test_a_mistyped_place_of_the_database_is_told_and_makes_no_folders(tmp_path: Path, place: str) -> None:
    settings = Settings(secret_key=SECRET_KEY, database_url=f"sqlite:///{place.format(tmp_path)}", testing=True)
    with pytest.raises(SettingError, match="DATABASE_URL"), application(settings):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_where_nothing_may_be_written_is_told_in_one_sentence(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    if app.extensions["settings"].database_url.startswith("postgresql"):
        pytest.skip("a server's folders are its own")

    def refuse(path: str, *_options: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system", path)

    monkeypatch.setattr("survey.foundation.storage.sqlite_writers.os.open", refuse)
    result = app.test_cli_runner().invoke(args=["analysis", "close", *WHERE, "--period", "2026-09"])
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1), repr(result.exception)
    assert "chỉ đọc được" in result.stderr
