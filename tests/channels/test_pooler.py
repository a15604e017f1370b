"""Through pgbouncer, which gives a connection to somebody else after every transaction, nothing is lost or mixed up."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, make_url, select

from survey.foundation.database import db
from survey.foundation.settings import Settings
from survey.responses.models import Rating, Response
from tests.channels.conftest import RECORDED, Visitor
from tests.channels.world import make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY, DatabaseFactory
from tests.support.run_directory import unique_name

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
CLIENTS, VISITS = 8, 1000
pytestmark = pytest.mark.skipif(PGBOUNCER is None and "CI" not in os.environ, reason="there is no pgbouncer here")


@pytest.fixture
def pooled(postgresql_databases: DatabaseFactory, run_directory: Path) -> Iterator[Flask]:
    """The program behind a pooler that has fewer connections than there are clients."""
    with (
        postgresql_databases.filled("counters_of_every_kind", _fill) as url,
        _pooler(url, run_directory) as address,
        application(_settings(address)) as app,
    ):
        yield app


def _settings(url: str) -> Settings:
    return Settings(secret_key=SECRET_KEY, database_url=url, database_pooled=True, testing=True, release_step=0)


def _fill(url: str) -> None:
    with application(_settings(url)) as app:
        make_world(app)


class _pooler:  # noqa: N801 - read as a function
    """pgbouncer before a database, on a socket of its own; ended by its process id."""

    def __init__(self, url: str, run_directory: Path) -> None:
        server = make_url(url)
        self.name, self.folder = str(server.database), run_directory / unique_name()
        self.folder.mkdir(mode=0o777)
        self.folder.chmod(0o777)
        configuration = self.folder / "pgbouncer.ini"
        configuration.write_text(
            f"[databases]\n{self.name} = host={server.query['host']} dbname={self.name} user=postgres\n"
            f"[pgbouncer]\nunix_socket_dir = {self.folder}\nlisten_port = 6432\nauth_type = any\n"
            "pool_mode = transaction\ndefault_pool_size = 3\nmax_client_conn = 200\n"
        )
        user = ["-u", Path(str(server.query["host"])).owner()] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            [str(PGBOUNCER), *user, str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> str:
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(host=str(self.folder), port=6432, dbname=self.name, user="postgres").close()
                return f"postgresql+psycopg://postgres@/{self.name}?host={self.folder}&port=6432"
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "pgbouncer does not answer"
                time.sleep(0.1)

    def __exit__(self, *_problem: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def test_a_thousand_visits_through_a_pooler_are_all_stored(pooled: Flask) -> None:
    def visit(number: int) -> bool:
        visitor = Visitor(pooled.test_client())
        answer = visitor.send(visitor.open(), overall_service=str(1 + number % 5), service="dat-dai")
        return answer.status_code == 200 and RECORDED in answer.text

    with ThreadPoolExecutor(CLIENTS) as clients:
        assert all(clients.map(visit, range(VISITS)))
    with pooled.app_context():
        assert db.session.scalar(select(func.count()).select_from(Response)) == VISITS
        values = dict(db.session.execute(select(Rating.value, func.count()).group_by(Rating.value)).all())
    assert values == dict.fromkeys(range(1, 6), VISITS // 5)
