"""The standby answers every page of desk and results as the primary does: the same figures, by the same links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from survey.foundation.caching.weighted_lru import forget_everything
from survey.foundation.configuration.settings import Settings
from survey.foundation.storage.database import db
from survey.foundation.storage.read_replica import READ
from tests.guards.crawler import walk
from tests.guards.test_between_visitors import without_secrets
from tests.guards.test_pages import STAFF_STARTS, visitor
from tests.support.applications import application
from tests.support.databases import SECRET_KEY
from tests.support.demonstration import copied_to
from tests.support.standby import Pair, streaming_pair

NOTE = re.compile(r" Đọc từ máy dự phòng, chậm hơn máy chính \d+ giây\.")

NEW_EACH_TIME = {"/desk/account/second-factor"}  # shows a key that it has just drawn


@pytest.fixture
def both(demonstration: Flask, run_directory: Path) -> Iterator[tuple[Flask, Flask, Pair]]:
    """The demonstration with and without a standby to read from."""
    with ExitStack() as stack:
        pair = stack.enter_context(streaming_pair(run_directory))
        url = stack.enter_context(copied_to(pair.databases, demonstration, run_directory))
        primary, standby = pair.urls(url)
        alone = stack.enter_context(application(_settings(primary)))
        reading = stack.enter_context(application(_settings(primary, standby)))
        yield alone, reading, pair
        with reading.app_context():
            db.engines[READ].dispose()


def _settings(url: str, read_url: str = "") -> Settings:
    return Settings(
        secret_key=SECRET_KEY, database_url=url, database_read_url=read_url, log_level="ERROR", testing=True
    )


def test_every_page_of_desk_and_results_is_the_same_from_the_standby(both: tuple[Flask, Flask, Pair]) -> None:
    alone, reading, pair = both
    asked: list[str] = []
    client, primary = visitor(reading, "quan-tri"), alone.test_client()
    with reading.app_context():
        pair.catch_up()  # the session that was just begun, too
        event.listen(db.engines[READ], "before_cursor_execute", lambda *said: asked.append(said[2]))
    name = reading.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie
    primary.set_cookie(name, cookie.value)  # the same person's same session
    differing, from_primary, pages = [], [], 0
    for visit in walk(reading, client, [*STAFF_STARTS, "/results/"], pages=1):
        if not visit.address.startswith(("/desk", "/results")) or visit.address in NEW_EACH_TIME:
            continue
        own, asked[:] = [statement for statement in asked if "wal_" not in statement], []
        forget_everything()  # what the standby said must not be what the primary says
        answer = primary.get(visit.address)
        forget_everything()
        if answer.status_code != visit.answer.status_code:
            differing.append(f"{visit.address}: {visit.answer.status_code}")
            continue
        if not visit.is_page or answer.status_code != 200:
            continue
        pages += 1
        if NOTE.sub("", without_secrets(visit.answer.text)) != without_secrets(answer.text):
            differing.append(visit.address)
        if not own and visit.address.startswith("/desk"):  # published pages are remembered
            from_primary.append(visit.address)
    assert differing == []
    assert from_primary == []
    assert pages > 30
