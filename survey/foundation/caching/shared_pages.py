"""Where what is kept for everyone is rendered: in a request made up of nothing but the page's key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask import g

from survey.foundation.configuration.settings import Settings
from survey.foundation.this_app import this_app


@contextmanager
def visitorless_request(path: str, query: Mapping[str, str], *, demo: bool) -> Iterator[None]:
    """A request for an address of this installation that nobody sent: no headers, no cookies, no other parameters.

    `demo`: whether the figures are invented, so that rendering asks the database nothing. A page that is kept and
    given to others is rendered in here, or what its first visitor sent would stand in it.
    """
    app = this_app()
    settings: Settings = app.extensions["settings"]
    address = {"base_url": settings.public_url, "query_string": dict(query)}
    with app.app_context(), app.test_request_context(path, **address):
        g.is_demo = demo
        yield
