"""Through pgbouncer, which gives a connection to somebody else after every transaction, nothing is lost or mixed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from survey.foundation.database import db
from survey.foundation.read_replica import READ
from survey.foundation.settings import Settings
from survey.responses.models import Rating, Response
from tests.channels.conftest import RECORDED, Visitor
from tests.channels.world import make_world
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.staff import client_of, make_user
from tests.support.standby import Pair, streaming_pair

CLIENTS, VISITS = 8, 1000


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


def test_a_thousand_pages_of_the_desk_through_a_pooler_are_all_read_at_the_standby(pooled: Flask, pair: Pair) -> None:
    user = make_user(pooled, "quan-tri", "administrator")
    clients = [client_of(pooled, user) for _ in range(CLIENTS)]
    pair.catch_up()

    def visit(number: int) -> tuple[int, bool]:
        page = clients[number % CLIENTS].get("/desk/counters")
        return page.status_code, "Đọc từ máy dự phòng" in page.text

    assert visit(0) == (200, True)  # while the first asks how far the standby is, others ask the primary
    with ThreadPoolExecutor(CLIENTS) as threads:
        assert Counter(threads.map(visit, range(VISITS))) == {(200, True): VISITS}
