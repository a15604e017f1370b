"""A province on several servers: pages read from a standby while it is near, and nobody misses what they wrote."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from survey.foundation.configuration.settings import SettingError, Settings
from survey.foundation.storage.database import db, writing
from survey.foundation.storage.read_replica import ASKED_EVERY, READ, WRITTEN
from survey.registry.models import Service
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.run_directory import unique_name
from tests.support.staff import PASSWORD, client_of, make_user
from tests.support.standby import Pair, streaming_pair

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
FROM_STANDBY, BEHIND, AWAY = "Đọc từ máy dự phòng", "Máy dự phòng chậm hơn máy chính", "Máy dự phòng không trả lời"


@pytest.fixture(scope="module")
def standby(run_directory: Path) -> Iterator[Pair]:
    with streaming_pair(run_directory, pooled=True) as pair:
        yield pair


# On the standby, the clock of the whole database is five minutes slow.
SLOW_CLOCK = """
CREATE SCHEMA slow;
CREATE FUNCTION slow.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
    $$ SELECT pg_catalog.clock_timestamp() - CASE WHEN pg_is_in_recovery() THEN interval '5 min' ELSE '0' END $$;
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = slow, public, pg_catalog', current_database());
END $$;
"""


@pytest.fixture
def app(standby: Pair, request: pytest.FixtureRequest) -> Iterator[Flask]:
    if not standby.standby.is_running:
        standby.standby.start()
    with standby.databases.migrated() as url:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(getattr(request, "param", ""))
        standby.catch_up()
        primary, read = standby.urls(url)
        with application(settings(primary, read)) as app, app.app_context():
            yield app
            db.engines[READ].dispose()


def settings(url: str, read_url: str) -> Settings:
    return Settings(
        secret_key=SECRET_KEY, database_url=url, database_read_url=read_url, database_read_lag=1, database_pooled=True,
        testing=True, release_step=0,
    )  # fmt: skip


@pytest.fixture
def asked(app: Flask) -> dict[str, int]:
    """How many statements of requests each server was asked, but for how far behind it is."""
    counts = {"primary": 0, "standby": 0}

    def counting(name: str) -> object:
        def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if "wal_" not in statement:
                counts[name] += 1

        return count

    for name, engine in (("primary", db.engine), ("standby", db.engines[READ])):
        event.listen(engine, "before_cursor_execute", counting(name))
    return counts


def administrator(app: Flask, standby: Pair) -> int:
    user = make_user(app, unique_name(), "administrator")
    standby.catch_up()
    return user


def test_pages_read_from_the_standby_and_say_so(app: Flask, standby: Pair, asked: dict[str, int]) -> None:
    client = client_of(app, administrator(app, standby))
    standby.catch_up()
    asked.update(primary=0, standby=0)
    page = client.get("/desk/services")
    assert page.status_code == 200
    assert FROM_STANDBY in page.text
    assert asked["standby"] > 0


def test_a_browser_that_has_just_written_reads_what_it_wrote(app: Flask, standby: Pair) -> None:
    client = client_of(app, administrator(app, standby))
    standby.pause(paused=True)
    try:
        with writing() as session:
            session.add(Service(code="moi", name="Dịch vụ vừa thêm", sector="health"))
        client.set_cookie(WRITTEN, "1")
        page = client.get("/desk/services")
        assert "Dịch vụ vừa thêm" in page.text
        assert FROM_STANDBY not in page.text
    finally:
        standby.pause(paused=False)


@pytest.mark.parametrize("app", ["", SLOW_CLOCK], ids=["clocks agree", "its own clock is slow"], indirect=True)
def test_a_standby_that_lags_is_not_read_from(app: Flask, standby: Pair) -> None:
    client = client_of(app, administrator(app, standby))
    standby.pause(paused=True)
    try:
        with writing() as session:
            session.add(Service(code="moi-2", name="Dịch vụ thêm lúc trễ", sector="health"))
        time.sleep(2.2)  # more than the limit, and than it is asked again
        page = client.get("/desk/services").text
        assert "Dịch vụ thêm lúc trễ" in page
        assert FROM_STANDBY not in page
        assert re.search(rf"{BEHIND} [2-9] giây: đọc từ máy chính\.", page)
    finally:
        standby.pause(paused=False)


def test_every_sending_at_the_desk_is_remembered_for_some_seconds(app: Flask, standby: Pair) -> None:
    client = client_of(app, administrator(app, standby))
    answer = client.post("/logout")
    assert WRITTEN in answer.headers.get("Set-Cookie", "")
    assert WRITTEN not in app.test_client().get("/").headers.get("Set-Cookie", "")


def test_without_its_standby_everything_goes_on_and_signing_in_works(app: Flask, standby: Pair) -> None:
    name = unique_name()
    make_user(app, name, "administrator")
    standby.standby.stop()
    time.sleep(ASKED_EVERY + 0.2)
    client = app.test_client()
    token = TOKEN.search(client.get("/login").text)
    assert token
    answer = client.post("/login", data={"username": name, "password": PASSWORD, "csrf_token": token[1]})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    client.delete_cookie(WRITTEN)  # as some seconds later
    page = client.get("/desk/services")
    assert page.status_code == 200
    assert FROM_STANDBY not in page.text
    assert AWAY in page.text


def test_a_page_whose_standby_goes_away_on_the_way_is_made_by_the_primary(
    app: Flask, standby: Pair, asked: dict[str, int]
) -> None:
    client = client_of(app, administrator(app, standby))
    assert FROM_STANDBY in client.get("/desk/services").text  # and so for a second nobody asks whether it is there
    standby.standby.stop()
    asked.update(primary=0, standby=0)
    pages = [client.get("/desk/services"), client.get("/desk/agencies/nowhere"), client.get("/results/")]
    assert [page.status_code for page in pages] == [200, 404, 200]
    assert AWAY in pages[0].text
    assert asked["standby"] == 1  # which came to nothing
    assert asked["primary"] > 0


def test_a_statement_that_the_standby_takes_back_is_answered_by_the_primary(app: Flask, standby: Pair) -> None:
    """As where what is replayed removes rows that a long page still reads."""
    client = client_of(app, administrator(app, standby))
    standby.catch_up()
    refusals = iter([True])

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "wal_" not in statement and next(refusals, False):
            orig = psycopg.errors.SerializationFailure("canceling statement due to conflict with recovery")
            raise OperationalError(statement, {}, orig)

    event.listen(db.engines[READ], "before_cursor_execute", refuse)
    page = client.get("/desk/services")
    assert page.status_code == 200
    assert AWAY in page.text
    assert next(refusals, None) is None


def test_a_standby_that_never_answers_holds_a_page_for_seconds_only(app: Flask, standby: Pair) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        primary = app.config["SQLALCHEMY_DATABASE_URI"]
        nowhere = f"postgresql+psycopg://postgres@127.0.0.1:{silent.getsockname()[1]}/postgres"
        with application(settings(primary, nowhere)) as program:
            client = client_of(program, make_user(program, unique_name(), "administrator"))
            began = time.monotonic()
            assert client.get("/desk/services").status_code == 200
            assert time.monotonic() - began < 8
            began = time.monotonic()
            assert client.get("/desk/services").status_code == 200
            assert time.monotonic() - began < 2  # nobody asks again at once


def test_both_servers_are_asked_in_the_same_way(app: Flask) -> None:
    """Without statements kept on the server, in one state throughout, and a log without what was sent."""
    for engine in db.engines.values():
        assert engine.hide_parameters
        with engine.connect() as connection:
            assert connection.get_isolation_level() == "REPEATABLE READ"
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            assert driver.prepare_threshold is None


def test_a_standby_is_one_of_postgresql() -> None:
    environment = {"SECRET_KEY": SECRET_KEY, "DATABASE_URL": "sqlite:///a", "DATABASE_READ_URL": "postgresql://x/y"}
    with pytest.raises(SettingError, match="DATABASE_READ_URL"):
        Settings.from_environment(environment)
