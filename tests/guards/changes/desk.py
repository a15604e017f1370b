"""What a change at the desk is made with: a browser, the objects at hand, forms that are filled and sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.foundation.storage.database import db
from tests.guards.forms import form_on
from tests.guards.places import Place


@dataclass
class Desk:
    """An administrator's browser, the objects at hand, and the secrets the pages have shown so far."""

    app: Flask
    client: FlaskClient
    place: Place
    neighbour: Place
    secrets: set[str] = field(default_factory=set)

    def submit(self, address: str, page: str = "", **fields: Any) -> TestResponse:
        """Send the form that a page shows for an address (by default the address itself), with some fields changed."""
        sent = form_on(self.client, page or address, address if page else "") | fields
        return self.send(address, **sent)

    def send(self, address: str, **fields: Any) -> TestResponse:
        """Send fields without looking at a page."""
        answer = self.client.post(address, data=fields)
        assert answer.status_code in (200, 302, 303), f"{address}: {answer.status_code}\n{messages_of(answer.text)}"
        return answer

    def one(self, query: Any) -> Any:
        """A value from the database."""
        with self.app.app_context():
            return db.session.scalar(query)


def messages_of(text: str) -> str:
    return " ".join(
        re.findall(r'class="error"[^>]*>([^<]+)|role="alert"[^>]*>(.{,400})', text, re.S)[:3].__repr__().split()
    )


def agency_page(desk: Desk) -> str:
    return f"/desk/agencies/{desk.place.agency}"


def change_name(address: Callable[[Desk], str]) -> Callable[[Desk], TestResponse]:
    return lambda desk: desk.submit(address(desk), name="Tên mới của mục này")


def press(page: Callable[[Desk], str], button: str, **fields: Any) -> Callable[[Desk], TestResponse]:
    return lambda desk: desk.submit(f"{page(desk)}/{button}", page(desk), **fields)
