"""Two servers of one database are upgraded one after the other: who waits for its turn says so, and is sent nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

from survey.foundation.configuration.settings import Settings
from tests.channels.world import MANY, make_world
from tests.reports.processes import Running
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.demonstration import NOON
from tests.support.staff import client_of, make_user

PAGES = (
    "/",
    f"/c/{MANY}",
    "/login",
    "/results/",
    "/results/dak-lak/",
    "/kiosk/",
    "/p/",
    "/country/",
    "/api/v1/provinces",
)
TOKEN = re.compile(r'name="token"[^>]* value="([^"]+)"')
WORDS = "Cán bộ rất nhiệt tình, nhưng chờ lâu."
LATER = "UPDATE alembic_version SET version_num = '9999'"


@pytest.fixture
def unmigrated(empty_database_url: str) -> Iterator[Flask]:
    with application(settings_for(empty_database_url)) as app:
        yield app


def settings_for(url: str) -> Settings:
    return Settings(secret_key=SECRET_KEY, database_url=url, testing=True)


def migrate_elsewhere(database: SQLAlchemy, *statements: str) -> None:
    """Another server has made these changes and was upgraded."""
    for statement in (*statements, LATER):
        database.session.execute(text(statement))
    database.session.commit()


def test_no_page_of_a_server_that_was_upgraded_before_its_database_fails(unmigrated: Flask) -> None:
    client = unmigrated.test_client()
    statuses = {address: client.get(address).status_code for address in PAGES}
    assert [address for address, status in statuses.items() if status == 500] == []
    assert client.get("/readyz").status_code == 503
    answer = client.get("/login")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")


def test_an_answer_sent_to_a_server_whose_database_has_gone_on_is_given_back(app: Flask, database: SQLAlchemy) -> None:
    make_world(app)
    client = app.test_client()
    token = TOKEN.search(client.get(f"/c/{MANY}").text)
    assert token
    migrate_elsewhere(database, "ALTER TABLE responses RENAME COLUMN partial TO cut_short")
    answer = client.post(f"/c/{MANY}", data={"overall_service": "5", "comment": WORDS, "token": token[1]})
    assert answer.status_code == 503
    assert WORDS in answer.text
    assert token[1] in answer.text


def test_the_desk_of_a_server_whose_database_has_gone_on_says_so(app: Flask, database: SQLAlchemy) -> None:
    client = client_of(app, make_user(app, "quan-tri", "administrator"))
    migrate_elsewhere(database, "ALTER TABLE services RENAME COLUMN name TO title")
    assert client.get("/desk/services").status_code == 503


def test_a_wrong_statement_of_the_programs_own_is_no_outage(app: Flask, database: SQLAlchemy) -> None:
    client = client_of(app, make_user(app, "quan-tri", "administrator"))
    database.session.execute(text("ALTER TABLE services RENAME COLUMN name TO title"))
    database.session.commit()
    # SQLite calls a column that is not there a state of the database.
    assert client.get("/desk/services").status_code == (503 if database.engine.dialect.name == "sqlite" else 500)


@pytest.mark.parametrize("command", ["db upgrade", "db downgrade base", "survey backup {}/backup.zip"])
def test_an_earlier_program_leaves_a_later_database_alone_and_says_what_to_do(
    runner: FlaskCliRunner, database: SQLAlchemy, tmp_path: Path, command: str
) -> None:
    migrate_elsewhere(database)
    answer = runner.invoke(args=command.format(tmp_path).split())
    assert (answer.exit_code, answer.output.count("\n")) == (2, 1)
    assert "đã ở phiên bản 9999, mới hơn chương trình này" in answer.output
    assert list(tmp_path.iterdir()) == []


def test_two_servers_that_migrate_one_database_at_once_are_both_ready(empty_database_url: str, tmp_path: Path) -> None:
    settings = settings_for(empty_database_url)
    servers = [Running(settings, NOON, ("db", "upgrade"), tmp_path) for _server in range(2)]
    for server in servers:
        server.go()
    said = [server.result()[1][-2000:] for server in servers]
    assert [server.process.exitcode for server in servers] == [0, 0], said
    with application(settings) as app:
        assert app.test_client().get("/readyz").status_code == 200
