"""Whichever statement of whichever page meets whatever trouble: 503, when to come back, and what was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from survey.foundation.pages.given_back import PRIVATE
from survey.foundation.storage.database import db
from tests.guards.places import make_places
from tests.guards.requests import Asked, everything
from tests.guards.test_pages import visitor
from tests.support.breaking import breaking, breaks_on, ending_breaks

WRITTEN = "Chờ lâu mà không có ghế ngồi"
PLACES = ("first", "middle", "last")
ON_SQLITE = pytest.mark.parametrize("demonstration_on_each", ["sqlite"], indirect=True)


def requests(app: Flask) -> Iterator[Asked]:
    """Everything that can be asked; what may change who is let in comes last."""
    asked = everything(app, make_places(app)["own"])
    yield from sorted(
        asked, key=lambda request: request.endpoint.startswith(("users.", "proposals.", "second_factor."))
    )


def ask(client: FlaskClient, method: str, path: str) -> TestResponse:
    return client.open(path, method=method, data={"comment": WRITTEN} if method == "POST" else None, buffered=True)


def is_told(answer: TestResponse, method: str) -> bool:
    """Whether it says that nothing can be done now, when to come back, and what was written."""
    is_private = answer.request.path.startswith(PRIVATE)
    given_back = method != "POST" or is_private or answer.mimetype != "text/html" or WRITTEN in answer.text
    return answer.status_code == 503 and "Retry-After" in answer.headers and given_back


@pytest.fixture
def staff(demonstration_on_each: Flask) -> FlaskClient:
    demonstration_on_each.config["WTF_CSRF_CHECK_DEFAULT"] = False
    return visitor(demonstration_on_each, "quan-tri")


@pytest.fixture
def engine(demonstration_on_each: Flask) -> Engine:
    with demonstration_on_each.app_context():
        return db.engine


@pytest.mark.parametrize(
    ("demonstration_on_each", "where"),
    [*(("sqlite", [place]) for place in PLACES), ("postgresql", PLACES)],
    indirect=["demonstration_on_each"],
)
def test_every_statement_of_every_page_may_break(
    demonstration_on_each: Flask, staff: FlaskClient, engine: Engine, where: Sequence[str]
) -> None:
    broke, wrong, troubles, places = 0, [], cycle(breaks_on(engine).items()), cycle(where)
    for endpoint, method, path in requests(demonstration_on_each):
        with breaking(engine, -1, Exception) as usual:
            whole = ask(staff, method, path)
        at = {"first": 0, "middle": usual.sent // 2, "last": usual.sent - 1}[next(places)]
        name, trouble = next(troubles)
        with breaking(engine, at, trouble) as met:
            answer = ask(staff, method, path)
        broke += met.broke
        is_whole = answer.data == whole.data  # what is remembered may stand in for what could not be read
        if met.broke and not is_whole and not is_told(answer, method):
            wrong.append(f"{method} {endpoint}, {name} at statement {at} of {usual.sent}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert broke > 130


def test_every_commit_may_break(demonstration_on_each: Flask, staff: FlaskClient, engine: Engine) -> None:
    broke, wrong, troubles = 0, [], cycle(breaks_on(engine).items())
    for endpoint, method, path in requests(demonstration_on_each):
        name, trouble = next(troubles)
        with ending_breaks(engine, "commit", trouble) as met:
            answer = ask(staff, method, path)
        broke += met.broke
        if met.broke and not is_told(answer, method):
            wrong.append(f"{method} {endpoint}, {name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert broke > 15


@ON_SQLITE
def test_a_page_that_is_made_is_sent_although_what_it_read_cannot_be_ended(
    demonstration_on_each: Flask, staff: FlaskClient, engine: Engine
) -> None:
    broke, wrong, troubles = 0, [], cycle(breaks_on(engine).items())
    for endpoint, method, path in requests(demonstration_on_each):
        name, trouble = next(troubles)
        with ending_breaks(engine, "rollback", trouble) as met:
            answer = ask(staff, method, path)
        broke += met.broke
        if answer.status_code >= 500 and not is_told(answer, method):
            wrong.append(f"{method} {endpoint}, {name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert broke > 130
