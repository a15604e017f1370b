"""A province on several servers: pages read from a standby while it is near, and nobody misses what they wrote."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from survey.foundation.database import db, writing
from survey.foundation.read_replica import READ, WRITTEN
from survey.foundation.settings import SettingError, Settings
from survey.registry.models import Service
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.run_directory import unique_name
from tests.support.staff import PASSWORD, client_of, make_user
from tests.support.standby import Standby, streaming_pair

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@pytest.fixture(scope="module")
def standby(run_directory: Path) -> Iterator[Standby]:
    with streaming_pair(run_directory) as pair:
        yield pair


@pytest.fixture
def app(standby: Standby) -> Iterator[Flask]:
    settings = Settings(
        secret_key=SECRET_KEY,
        database_url=standby.primary_url,
        database_read_url=standby.url,
        database_read_lag=1,
        testing=True,
        release_step=0,
    )
    with application(settings) as app, app.app_context():
        standby.catch_up()
        yield app
        db.engines[READ].dispose()


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


def administrator(app: Flask, standby: Standby) -> int:
    user = make_user(app, unique_name(), "administrator")
    standby.catch_up()
    return user


def test_pages_read_from_the_standby_and_say_so(app: Flask, standby: Standby, asked: dict[str, int]) -> None:
    client = client_of(app, administrator(app, standby))
    standby.catch_up()
    asked.update(primary=0, standby=0)
    page = client.get("/desk/services")
    assert page.status_code == 200
    assert "Đọc từ máy dự phòng" in page.text
    assert asked["standby"] > 0


def test_a_browser_that_has_just_written_reads_what_it_wrote(app: Flask, standby: Standby) -> None:
    client = client_of(app, administrator(app, standby))
    standby.pause(paused=True)
    try:
        with writing() as session:
            session.add(Service(code="moi", name="Dịch vụ vừa thêm", sector="health"))
        client.set_cookie(WRITTEN, "1")
        page = client.get("/desk/services")
        assert "Dịch vụ vừa thêm" in page.text
        assert "Đọc từ máy dự phòng" not in page.text
    finally:
        standby.pause(paused=False)


def test_a_standby_that_lags_is_not_read_from(app: Flask, standby: Standby) -> None:
    client = client_of(app, administrator(app, standby))
    standby.pause(paused=True)
    try:
        with writing() as session:
            session.add(Service(code="moi-2", name="Dịch vụ thêm lúc trễ", sector="health"))
        time.sleep(2.2)  # more than the limit, and than it is asked again
        assert "Dịch vụ thêm lúc trễ" in client.get("/desk/services").text
    finally:
        standby.pause(paused=False)


def test_every_sending_at_the_desk_is_remembered_for_some_seconds(app: Flask, standby: Standby) -> None:
    client = client_of(app, administrator(app, standby))
    answer = client.post("/logout")
    assert WRITTEN in answer.headers.get("Set-Cookie", "")
    assert WRITTEN not in app.test_client().get("/").headers.get("Set-Cookie", "")


def test_without_its_standby_everything_goes_on_and_signing_in_works(app: Flask, standby: Standby) -> None:
    name = unique_name()
    make_user(app, name, "administrator")
    standby.stop()
    time.sleep(1.2)  # it is asked once a second
    client = app.test_client()
    token = TOKEN.search(client.get("/login").text)
    assert token
    answer = client.post("/login", data={"username": name, "password": PASSWORD, "csrf_token": token[1]})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    client.delete_cookie(WRITTEN)  # as some seconds later
    page = client.get("/desk/services")
    assert page.status_code == 200
    assert "Đọc từ máy dự phòng" not in page.text


def test_a_standby_is_one_of_postgresql() -> None:
    environment = {"SECRET_KEY": SECRET_KEY, "DATABASE_URL": "sqlite:///a", "DATABASE_READ_URL": "postgresql://x/y"}
    with pytest.raises(SettingError, match="DATABASE_READ_URL"):
        Settings.from_environment(environment)
