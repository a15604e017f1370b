"""Through pgbouncer, which gives a connection to somebody else after every transaction, nothing is lost or mixed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from survey.foundation.configuration.settings import ROOT, Settings
from survey.foundation.storage.database import db
from survey.foundation.storage.read_replica import READ
from survey.responses.models import Rating, Response
from tests.channels.conftest import RECORDED, Visitor
from tests.channels.world import make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.staff import client_of, make_user
from tests.support.standby import CONNECT_QUERY, FEW, Pair, streaming_pair

CLIENTS, VISITS = 8, 200


@pytest.fixture(scope="module")
def pair(run_directory: Path) -> Iterator[Pair]:
    with streaming_pair(run_directory, pooled=True) as pair:
        yield pair


@pytest.fixture
def pooled(pair: Pair) -> Iterator[Flask]:
    """The program behind poolers that have fewer connections than there are clients."""
    with pair.databases.filled("counters_of_every_kind", _fill) as url:
        pair.catch_up()
        with application(_settings(*pair.urls(url))) as app:
            yield app
            with app.app_context():
                db.engines[READ].dispose()


def _settings(url: str, read_url: str = "") -> Settings:
    return Settings(
        secret_key=SECRET_KEY, database_url=url, database_read_url=read_url, database_pooled=True, testing=True,
        release_step=0,
    )  # fmt: skip


def _fill(url: str) -> None:
    with application(_settings(url)) as app:
        make_world(app)


# As somebody may have set it for the database, in which several programs once were.
OF_THE_DATABASE = {"synchronous_commit": "off", "extra_float_digits": "0", "timezone": "America/New_York"}


def test_what_a_database_sets_for_itself_holds_on_no_connection_of_the_pooler(pair: Pair) -> None:
    assert CONNECT_QUERY in (ROOT / "docs" / "operations.vi.md").read_text(encoding="utf-8")
    with pair.databases.migrated() as url:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            for name, value in OF_THE_DATABASE.items():
                connection.execute(f"ALTER DATABASE {url.rpartition('/')[2]} SET {name} = '{value}'".encode())
        with application(_settings(pair.urls(url)[0])) as app, app.app_context(), ExitStack() as stack:
            at_once = [stack.enter_context(db.engine.connect()) for _connection in range(FEW)]
            shown = {
                (name, connection.scalar(text(f"SHOW {name}"))) for connection in at_once for name in OF_THE_DATABASE
            }
    assert shown == {("synchronous_commit", "on"), ("extra_float_digits", "1"), ("timezone", "UTC")}


def test_hundreds_of_visits_through_a_pooler_are_all_stored(pooled: Flask) -> None:
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


def test_hundreds_of_pages_of_the_desk_through_a_pooler_are_all_read_at_the_standby(pooled: Flask, pair: Pair) -> None:
    user = make_user(pooled, "quan-tri", "administrator")
    clients = [client_of(pooled, user) for _ in range(CLIENTS)]
    pair.catch_up()

    def visit(number: int) -> tuple[int, bool]:
        page = clients[number % CLIENTS].get("/desk/counters")
        return page.status_code, "Đọc từ máy dự phòng" in page.text

    assert visit(0) == (200, True)  # while the first asks how far the standby is, others ask the primary
    with ThreadPoolExecutor(CLIENTS) as threads:
        assert Counter(threads.map(visit, range(VISITS))) == {(200, True): VISITS}
