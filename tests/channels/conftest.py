"""Counters to rate, and a visitor who opens their pages."""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.channels.world import MANY, make_world
from tests.support.worlds import stored_world

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from survey.responses.models import Response

database_url = stored_world("counters_of_every_kind", make_world, "world")

RECORDED = "Cảm ơn Ông/Bà. Đánh giá đã được ghi nhận."
ALREADY = "Đánh giá này đã được ghi nhận. Cảm ơn Ông/Bà."
TOO_OLD = "Trang đã mở quá lâu nên chưa gửi được."


@pytest.fixture
def world(app: Flask) -> Flask:
    """The application with counters of every kind."""
    return app


def token_in(page: str) -> str:
    """The token of a form."""
    match = re.search(r'name="token" value="([^"]+)"', page)
    assert match, "there is no token in this page"
    return match[1]


@dataclass(frozen=True)
class Visitor:
    """Someone with a phone at a counter."""

    client: FlaskClient
    counter: str = MANY

    def open(self, query: str = "") -> str:
        """Open the form; give back its token."""
        answer = self.client.get(f"/c/{self.counter}{query}")
        assert answer.status_code == 200, answer.text
        return token_in(answer.text)

    def send(self, token: str, query: str = "", **fields: Any) -> TestResponse:
        """Send answers and follow to the page that comes next."""
        return self.client.post(f"/c/{self.counter}{query}", data={"token": token, **fields}, follow_redirects=True)


@pytest.fixture
def visitor(world: Flask) -> Visitor:
    """A citizen at a counter with several services."""
    return Visitor(world.test_client())


Stored = Callable[[], "list[Response]"]


@pytest.fixture
def stored(world: Flask) -> Stored:
    """Every response in the database, oldest first."""

    def read() -> list[Response]:
        from survey.foundation.storage.database import db
        from survey.responses.models import Response

        with world.app_context():
            return db.session.query(Response).order_by(Response.received_at).all()

    return lambda: contextvars.Context().run(read)
