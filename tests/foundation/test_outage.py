"""While the database cannot serve, everybody is told so in their language, and nothing they wrote is lost."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from survey.demo.command import FIRST_COUNTER
from survey.foundation.database import db
from tests.guards.addresses import addresses
from tests.guards.test_pages import visitor

COMMENT = "Cán bộ rất nhiệt tình,\r\nnhưng chờ lâu & <b>không có ghế</b>."


class Said(NamedTuple):
    language: str
    away: str
    invented: str


IN_BOTH = (
    Said("vi", "Hệ thống tạm ngừng phục vụ", "Dữ liệu minh họa"),
    Said("en", "The system is out of service", "Demonstration data"),
)
FORM = f"/c/{FIRST_COUNTER}"


@pytest.fixture
def staff(demonstration: Flask) -> FlaskClient:
    return visitor(demonstration, "quan-tri")


@pytest.fixture
def asked(demonstration: Flask, staff: FlaskClient) -> Iterator[list[str]]:
    """The database fails at the first statement of each request; every further one is noted here."""
    demonstration.test_client().get("/")  # an installation that has shown a page knows whether it is a demonstration
    statements: list[str] = []

    def fail(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)
        raise OperationalError(statement, {}, Exception("server closed the connection unexpectedly"))

    with demonstration.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    yield statements
    event.remove(engine, "before_cursor_execute", fail)


def test_every_page_says_so_in_its_language_without_asking_again(
    demonstration: Flask, staff: FlaskClient, asked: list[str]
) -> None:
    wrong, told = [], 0
    pages = [
        address
        for address in addresses(demonstration)
        if address.method == "GET" and address.endpoint != "metrics.metrics"
    ]
    for address, client, said in product(pages, (demonstration.test_client(), staff), IN_BOTH):
        asked.clear()
        answer = client.get(f"{address.path}?lang={said.language}")
        if len(asked) > 1 or answer.status_code == 500:
            wrong.append(f"{address} {said.language}: {answer.status_code}, asked {len(asked)} times")
        if answer.status_code != 503 or answer.mimetype != "text/html":
            continue
        told += 1
        if not ("Retry-After" in answer.headers and said.away in answer.text and said.invented in answer.text):
            wrong.append(f"{address} {said.language}: 503 in other words")
    assert wrong == []
    assert told > 100


def test_programs_are_told_in_json(demonstration: Flask, asked: list[str]) -> None:
    client = demonstration.test_client()
    key = {"Authorization": "Bearer x"}
    for answer in (
        client.get("/kiosk/api/config", headers=key),
        client.post("/kiosk/api/responses", headers=key, json={"responses": []}),
        client.get("/api/v1/provinces"),
        client.get("/readyz"),
    ):
        assert (answer.status_code, answer.is_json) == (503, True), answer.text
    assert int(client.get("/api/v1/provinces").headers["Retry-After"]) > 0
    assert asked


@pytest.mark.parametrize("address", [FORM, f"{FORM}?sent=1&sector=health", "/t/ABCD2345EFGH"])
def test_a_citizens_words_are_given_back_ready_to_be_sent_again(
    demonstration: Flask, asked: list[str], address: str
) -> None:
    sent = {"token": "signed.token-1", "overall_service": "4", "comment": COMMENT, "reply": "1"}
    answer = demonstration.test_client().post(address, data=sent)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "nhưng chờ lâu &amp; &lt;b&gt;không có ghế&lt;/b&gt;." in answer.text
    assert 'name="token" value="signed.token-1"' in answer.text
    assert f'action="{address.replace("&", "&amp;")}"' in answer.text
    assert asked


def test_passwords_are_not_given_back(demonstration: Flask, asked: list[str]) -> None:
    demonstration.config["WTF_CSRF_ENABLED"] = False
    answer = demonstration.test_client().post("/login", data={"username": "quan-tri", "password": "một câu rất bí mật"})
    assert (answer.status_code, "bí mật" in answer.text) == (503, False)
    assert asked


def test_what_is_given_back_is_stored_once_the_database_is_there_again(demonstration: Flask) -> None:
    from tests.channels.conftest import token_in

    client = demonstration.test_client()
    token = token_in(client.get(FORM).text)
    sent = client.post(FORM, data={"token": token, "overall_service": "4", "comment": COMMENT})
    assert sent.status_code in (200, 303)


def test_a_disk_that_takes_nothing_is_not_ready(demonstration: Flask) -> None:
    client = demonstration.test_client()
    assert client.get("/readyz").status_code == 200

    def refuse_writes(connection: object, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]

    with demonstration.app_context():
        db.session.remove()
        db.engine.dispose()
        event.listen(db.engine, "connect", refuse_writes)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (503, "not ready")
    assert client.get(FORM).status_code == 200  # what only reads goes on


def test_what_fails_after_a_page_is_made_is_an_outage_too(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.after_request
    def find_the_disk_full(_answer: Response) -> Response:
        raise OSError(errno.ENOSPC, "No space left on device")

    answer = app.test_client().get("/login")
    assert (answer.status_code, "Hệ thống tạm ngừng phục vụ" in answer.text) == (503, True)
