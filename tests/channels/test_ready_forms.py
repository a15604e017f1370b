"""A form that went out before goes out again before Flask begins, answered, counted and logged like any other."""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from sqlalchemy import update

from survey.channels.web import ready_forms
from survey.channels.web.ready_forms import ENDPOINT, OF_ONE_REQUEST
from survey.foundation.clock import now
from survey.foundation.installation_flags import DEMO, Fact
from survey.foundation.server.metrics import process_registry
from survey.foundation.storage.database import db, writing
from survey.registry.models import Counter
from tests.channels.conftest import token_in
from tests.channels.world import MANY, TWO_SECTORS

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

FORM = f"/c/{MANY}"
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that were answered before Flask began."""
    paths: list[str] = []
    answer = ready_forms._again

    def noted(ready: object, environ: dict[str, str], start: object) -> object:
        paths.append(environ["PATH_INFO"])
        return answer(ready, environ, start)  # type: ignore[arg-type]

    monkeypatch.setattr(ready_forms, "_again", noted)
    return paths


def same(first: TestResponse, second: TestResponse) -> bool:
    """Whether two answers differ in nothing but what is of one request."""
    headers = [sorted(item for item in page.headers if item[0] not in OF_ONE_REQUEST) for page in (first, second)]
    bodies = [page.text.replace(token_in(page.text), "TOKEN") for page in (first, second)]
    return first.status == second.status and headers[0] == headers[1] and bodies[0] == bodies[1]


@pytest.mark.parametrize("address", [FORM, f"{FORM}?lang=en", f"/c/{TWO_SECTORS}?sector=health", f"{FORM.lower()}"])
def test_it_is_the_page_that_flask_makes_with_a_token_and_an_id_of_its_own(
    world: Flask, again: list[str], address: str
) -> None:
    client = world.test_client()
    first, second = client.get(address), client.get(address)
    assert len(again) == 1
    assert same(first, second)
    assert token_in(first.text) != token_in(second.text)
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    assert second.headers["Content-Length"] == str(len(second.data))
    assert client.get(address, headers={"X-Request-ID": "asked-by-nginx"}).headers["X-Request-ID"] == "asked-by-nginx"


def test_what_it_brings_is_taken(world: Flask, again: list[str]) -> None:
    client = world.test_client()
    for _visit in range(2):
        token = token_in(client.get(FORM).text)
        page = client.post(FORM, data={"token": token, "overall_service": "5", "service": "dat-dai"})
        assert page.status_code == 200
    assert len(again) == 1


def test_packed_and_plain_are_kept_apart(world: Flask, again: list[str]) -> None:
    client = world.test_client()
    pages = [client.get(FORM, headers=headers) for headers in ({}, GZIP, {}, GZIP)]
    assert [page.headers.get("Content-Encoding") for page in pages] == [None, "gzip", None, "gzip"]
    assert len(again) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"headers": {"Host": "elsewhere.example"}},
        {"method": "HEAD"},
        {"method": "OPTIONS"},
        {"query_string": "lang=en"},
        {"path": f"{FORM}/"},
        {"path": "/c/NO-SUCH"},
    ],
    ids=str,
)
def test_what_could_be_answered_otherwise_goes_the_whole_way(
    world: Flask, again: list[str], asked: dict[str, object]
) -> None:
    client = world.test_client()
    client.get(FORM)
    alike, other = client.get(FORM), client.open(**{"path": FORM, **asked})  # type: ignore[arg-type]
    assert again == [FORM]
    assert other.status_code != 200 or other.data != alike.data
    assert client.get("/c/NO-SUCH").status_code == client.get("/c/NO-SUCH").status_code == 404
    assert again == [FORM]


def test_a_form_for_somebody_with_a_cookie_goes_the_whole_way(world: Flask, again: list[str]) -> None:
    world.test_client().get(FORM)
    client = world.test_client()
    client.set_cookie("hai_long", "somebody")
    assert client.get(FORM).status_code == client.get(FORM).status_code == 200
    assert again == []


def test_a_change_of_the_register_shows_at_once(world: Flask, again: list[str]) -> None:
    client = world.test_client()
    client.get(FORM)
    with world.app_context(), writing() as session:
        session.execute(update(Counter).where(Counter.code == MANY).values(name="Quầy số một"))
    assert "Quầy số một" in client.get(FORM).text
    with world.app_context(), writing() as session:
        session.add(Fact(key=DEMO, value=True))
    assert same(client.get(FORM), client.get(FORM))
    with world.app_context(), writing() as session:
        session.execute(update(Counter).where(Counter.code == MANY).values(closed_on=dt.date(2020, 1, 1)))
    assert client.get(FORM).status_code == 404


def test_another_process_change_shows_within_a_second(world: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.test_client()
    client.get(FORM)
    with world.app_context(), db.engine.begin() as connection:  # no session: this process notices nothing
        connection.execute(update(Counter).where(Counter.code == MANY).values(closed_on=dt.date(2020, 1, 1)))
    assert client.get(FORM).status_code == 200
    monkeypatch.setattr("survey.foundation.caching.register.SECOND", 0)
    assert client.get(FORM).status_code == 404


def test_a_day_that_begins_closes_a_counter_by_itself(world: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = now()
    with world.app_context(), writing() as session:
        closes = (moment + dt.timedelta(days=2)).date()
        session.execute(update(Counter).where(Counter.code == MANY).values(closed_on=closes))
    client = world.test_client()
    assert [client.get(FORM).status_code for _visit in range(2)] == [200, 200]
    monkeypatch.setattr("survey.foundation.clock.now", lambda: moment + dt.timedelta(days=3))
    assert client.get(FORM).status_code == 404


def test_it_is_counted_and_logged_as_every_form(
    world: Flask, again: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    client, labels = world.test_client(), {"endpoint": ENDPOINT, "method": "GET", "status": "200"}

    def counted() -> list[float]:
        timed = process_registry.get_sample_value("hai_long_request_seconds_count", {"endpoint": ENDPOINT})
        return [process_registry.get_sample_value("hai_long_requests_total", labels) or 0, timed or 0]

    before, lines = counted(), []
    formatter = logging.getLogger("hai_long").handlers[0].formatter
    assert formatter
    with caplog.at_level(logging.INFO, "hai_long"):
        ids = [client.get(FORM).headers["X-Request-ID"] for _visit in range(2)]
        lines = [json.loads(formatter.format(r)) for r in caplog.records if r.message == "request"]
    assert again == [FORM]
    assert counted() == [count + 2 for count in before]
    assert [line["request_id"] for line in lines] == ids
    first, second = ({**line, "request_id": "", "at": "", "milliseconds": 0} for line in lines)
    assert list(first.items()) == list(second.items())
    assert first["endpoint"] == ENDPOINT
