"""A page of the desk asks the database few things: each statement waits its turn on a busy server, whatever it asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.support.cases import in_one_world
from tests.support.staff import signed_in

MOST = 15  # of an unchanged page that was asked for before; the overview needs 15, what else a page adds is its own
TO_DO = 15  # what waits, on the overview: replies, how cases and dossiers went, signals, the decision, months owed
KEPT = 1  # on Explore: the selections that its reader keeps
PAGES = [
    "/desk/dak-lak/all",
    "/desk/dak-lak/health",
    "/desk/dak-lak/all?agency=bv-tinh",
    "/desk/dak-lak/health/explore?by=agency",
    "/desk/dak-lak/health/explore?by=month",
    "/desk/dak-lak/health/explain",
    "/desk/dak-lak/health/comments",
]


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements the block sends."""
    from survey.foundation.storage.database import db

    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def client(world: Flask) -> FlaskClient:
    return signed_in(world, "reviewer", "administrator")


@in_one_world("page", PAGES)
def test_a_page_asked_for_again_asks_the_database_little_and_nothing_twice(
    world: Flask, client: FlaskClient, page: str
) -> None:
    assert client.get(page).status_code == 200
    with counted(world) as sent:
        assert client.get(page).status_code == 200
    most = (MOST if page.count("/") > 3 else MOST + TO_DO) + (KEPT if "/explore?" in page else 0)
    assert len(sent) <= most, "\n".join(sent)
    assert len(sent) == len(set(sent)), "\n".join(sorted(sent))
    if page.count("/") == 3:  # the overview
        assert not [statement for statement in sent if "tallies" in statement], "a row for each value of each item"
