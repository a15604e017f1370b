"""A long file is sent whole, read as it is sent in one reading; what hinders its beginning is answered as on a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, Response
from sqlalchemy import select

from survey.foundation.access import public
from survey.foundation.storage.database import db
from survey.foundation.tables.downloads import streamed
from survey.registry.models import Province


def keys() -> list[str]:
    return list(db.session.scalars(select(Province.key).order_by(Province.key)))


def test_rows_are_fetched_until_the_last_while_the_file_is_sent(app: Flask) -> None:
    begun, ended = [], []

    def lines() -> Iterator[str]:
        begun.append(db.session.connection().connection.dbapi_connection)
        for key in db.session.scalars(select(Province.key).order_by(Province.key).execution_options(yield_per=1)):
            yield f"{key}\n"
        ended.append(db.session.connection().connection.dbapi_connection)

    app.add_url_rule("/tep", view_func=public("a test")(lambda: streamed(lines(), "text/csv", {})))
    answer = app.test_client().get("/tep")
    with app.app_context():
        assert answer.text.split() == keys()
    assert len(answer.text.split()) > 2
    assert begun == ended, "one reading"


def test_a_file_that_nobody_reads_to_its_end_gives_its_connection_back(app: Flask) -> None:
    def lines() -> Iterator[str]:
        for key in keys():
            yield f"{key}\n"

    app.add_url_rule("/tep", view_func=public("a test")(lambda: streamed(lines(), "text/csv", {})))
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/tep", "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    environ |= {"wsgi.url_scheme": "http", "HTTP_HOST": "localhost", "wsgi.version": (1, 0)}
    sent = app.wsgi_app(environ, lambda *_head: lambda _part: None)
    assert next(iter(sent))
    sent.close()
    with app.app_context():
        assert db.engine.pool.checkedout() == 0


def test_what_hinders_the_beginning_is_answered_as_on_any_page(app: Flask) -> None:
    def lines() -> Iterator[str]:
        raise LookupError
        yield ""

    def view() -> Response:
        with pytest.raises(LookupError):
            streamed(lines(), "text/csv", {})
        return Response("still in the request")

    app.add_url_rule("/tep", view_func=public("a test")(view))
    assert app.test_client().get("/tep").text == "still in the request"
