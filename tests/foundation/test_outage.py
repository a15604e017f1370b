"""While the database cannot serve, everybody is told so in their language, and nothing they wrote is lost."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, NamedTuple, NoReturn

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests

from survey.demo.command import FIRST_COUNTER
from survey.foundation.access import public
from survey.foundation.pages.given_back import PRIVATE
from survey.foundation.storage.database import db
from tests.guards.addresses import addresses
from tests.guards.forms import form_on, forms_of
from tests.guards.places import make_places
from tests.guards.requests import everything
from tests.guards.test_pages import visitor
from tests.support.html import parse_html

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
    with failing(demonstration) as statements:
        yield statements


@contextmanager
def failing(demonstration: Flask) -> Iterator[list[str]]:
    """The same for as long as a block lasts."""
    demonstration.test_client().get("/")  # an installation that has shown a page knows whether it is a demonstration
    statements: list[str] = []

    def fail(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)
        raise OperationalError(statement, {}, Exception("server closed the connection unexpectedly"))

    with demonstration.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield statements
    finally:
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


def test_every_form_gives_back_what_was_typed_and_none_a_password(demonstration: Flask, staff: FlaskClient) -> None:
    """Each form that a page shows, sent with words in fields of names that sound secret, and with a file."""
    calls = everything(demonstration, make_places(demonstration)["own"])
    pages = ["/login", *(call.path for call in calls if call.method == "GET")]
    takes = {call.path for call in calls if call.method == "POST"}
    asks_password, forms = shown_by(staff, pages)
    assert asks_password
    assert {action for action in asks_password if not action.startswith(PRIVATE)} == set()
    token = token_of(staff)
    lost, tried = [], [action for action in sorted(takes & set(forms)) if not action.startswith(PRIVATE)]
    with failing(demonstration):
        for action in tried:
            words = {"csrf_token": token, "opinion": COMMENT, "passport": COMMENT, "new": COMMENT}
            answer = staff.post(action, data={**forms[action], **words, "file": (io.BytesIO(b"x"), "tep.csv")})
            given_back = answer.text.count("nhưng chờ lâu &amp; &lt;b&gt;không có ghế"), "chọn lại tệp" in answer.text
            if (answer.status_code, *given_back) != (503, 3, True):
                lost.append(f"{action}: {answer.status_code} {given_back}")
    assert lost == []
    assert len(tried) > 30


def shown_by(client: FlaskClient, pages: list[str]) -> tuple[set[str], dict[str, dict[str, Any]]]:
    """Where the forms of pages that ask for a password go, and what the others would send, by where they go."""
    asks_password, forms = set[str](), dict[str, dict[str, Any]]()
    for page in pages:
        answer = client.get(page)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            tree = parse_html(answer.text)
            forms |= {action or page: fields for action, fields in forms_of(tree)}
            asks_password |= {
                form.get("action", "").partition("?")[0] or page
                for form in tree.iter("form")
                if any(field.get("type") == "password" for field in form.iter("input"))
            }
    return asks_password, forms


def token_of(client: FlaskClient) -> str:
    return str(form_on(client, "/desk/account/password")["csrf_token"][0])


def test_who_sent_too_much_finds_the_words_again(demonstration: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    @public("as the page it stands for")
    def full(*_given: object, **_more: object) -> NoReturn:
        raise TooManyRequests

    monkeypatch.setitem(demonstration.view_functions, "citizen.send", full)
    monkeypatch.setitem(demonstration.config, "WTF_CSRF_ENABLED", False)
    answer = demonstration.test_client().post(FORM, data={"comment": COMMENT, "passport": "5"})
    assert (answer.status_code, 'name="passport" value="5"' in answer.text) == (429, True)
    assert "nhưng chờ lâu &amp;" in answer.text


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
