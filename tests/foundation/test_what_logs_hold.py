"""The log says what failed, and nothing of what was to be stored."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from flask import Flask, Response, request
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from survey.demo.command import FIRST_COUNTER
from survey.foundation.server.logs import JsonLines
from survey.foundation.storage.database import db, writing
from tests.guards.places import make_places
from tests.guards.requests import everything
from tests.guards.test_pages import visitor
from tests.support.breaking import breaking

VISITOR = "203.0.113.77"
COMMENT = "Cán bộ tên Hoa ở quầy 3\nđòi thêm tiền"
REFUSED = {
    "a value twice": "INSERT INTO facts (key, value) VALUES (:words, '1'), (:words, '1')",
    "a value missing": "INSERT INTO facts (key, value) VALUES (:words, NULL)",
    "a column that is not there": "INSERT INTO facts (key, worth) VALUES (:words, '1')",
    "a table that is not there": "UPDATE fakts SET value = :words",
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_a_statement_that_is_refused_is_logged_without_what_it_brought(app: Flask, statement: str) -> None:
    with app.app_context(), pytest.raises(DBAPIError) as refused, writing() as session:
        session.execute(text(statement), {"words": COMMENT})
    record = logging.LogRecord("hai_long", logging.ERROR, __file__, 1, "unexpected error", (), None)
    record.exc_info = (refused.type, refused.value, refused.tb)
    line = JsonLines().format(record)
    assert refused.type.__name__ in line
    assert [word for word in ("Hoa", "quầy", "tiền") if word in line] == []


@pytest.fixture
def written(app: Flask) -> Iterator[io.StringIO]:
    """What the program's handler writes."""
    logger, stream = logging.getLogger("hai_long"), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    app.logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)
    app.logger.removeHandler(handler)


def test_an_error_is_logged_with_its_place_and_nothing_of_who_asked(app: Flask, written: io.StringIO) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.after_request
    def find_no_sense_in_it(_answer: Response) -> Response:
        try:
            int(request.values["comment"])
        except ValueError:
            raise RuntimeError(f"{request.url} of {request.remote_addr}, {request.headers}") from None
        return _answer

    sent = {"data": {"comment": COMMENT}, "headers": {"User-Agent": "Nokia 1280"}}
    answer = app.test_client().post("/t/BIMAT2345678?ma=BIMAT", environ_base={"REMOTE_ADDR": VISITOR}, **sent)
    line = written.getvalue()
    assert answer.status_code == 500
    assert ("RuntimeError" in line, "ValueError" in line, "find_no_sense_in_it" in line) == (True, True, True)
    held = [VISITOR, "Nokia", "BIMAT", "Hoa", "quầy 3", "thêm tiền", "C\\u00e1n"]
    assert [word for word in held if word in line] == []


def test_whatever_is_sent_to_any_address_leaves_nothing_of_the_sender_in_the_log(
    demonstration: Flask, written: io.StringIO
) -> None:
    """By a stranger and by staff, with the database there and away."""
    app = demonstration
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, PROPAGATE_EXCEPTIONS=False)
    logging.getLogger("hai_long").setLevel(logging.DEBUG)
    told = {"comment": COMMENT, "username": "hoa-quay-3", "password": "mot cau rat bi mat", "phone": "0905123456"}
    said = {"environ_base": {"REMOTE_ADDR": VISITOR}, "headers": {"X-Forwarded-For": VISITOR, "User-Agent": "Nokia"}}
    asked = [call for call in everything(app, make_places(app)["own"]) if call.method == "POST"]
    asked.sort(key=lambda call: call.endpoint.startswith(("users.", "proposals.", "second_factor.")))
    with app.app_context():
        engine = db.engine
    for client in (app.test_client(), visitor(app, "quan-tri")):
        for call in asked:
            client.post(call.path, data=told, query_string=told, **said)
        with breaking(engine, 0, lambda: OperationalError(f"no answer for {VISITOR}", told, Exception(COMMENT))):
            client.post(f"/c/{FIRST_COUNTER}", data=told, **said)
    lines = written.getvalue()
    assert lines.count('"message": "request"') > 150
    held = [VISITOR, "Nokia", "Hoa", "hoa-quay-3", "thêm tiền", "bi mat", "0905123456"]
    assert [word for word in held if word in lines] == []
