"""The application under test, on a database of its own; and the same behind a real port for browsers."""

from __future__ import annotations

import contextvars
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from types import CodeType
from typing import TYPE_CHECKING, Any

import jinja2
import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from jinja2.bccache import Bucket
from werkzeug.wsgi import ClosingIterator

from tests.support.databases import SECRET_KEY, DatabaseFactory
from tests.support.statements import share_statements

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask_sqlalchemy import SQLAlchemy
    from werkzeug.test import TestResponse

    from survey.foundation.configuration.settings import Settings


class CompiledTemplates(jinja2.BytecodeCache):
    """Templates compiled by this process: each test has an application of its own, but need not compile them again."""

    def __init__(self) -> None:
        self.compiled: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what another application compiled from the same source."""
        bucket.code = self.compiled.get(bucket.key + bucket.checksum)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next application."""
        if bucket.code is not None:
            self.compiled[bucket.key + bucket.checksum] = bucket.code


_TEMPLATES = CompiledTemplates()


class SeparateClient(FlaskClient):
    """A client whose requests never share `flask.g` or the database session with the test around them.

    Flask reuses an application context that is already there, so a test inside `app.app_context()` would otherwise
    hand one visitor's login and one stale session to every request. `with client:` keeps Flask's own behaviour.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send the request from an empty context; a streamed answer is read where it is made, a file sent is closed."""
        kwargs.setdefault("buffered", True)
        if self.preserve_context:
            return super().open(*args, **kwargs)
        return contextvars.Context().run(super().open, *args, **kwargs)


@contextmanager
def application(settings: Settings) -> Iterator[Flask]:
    """The application with these settings; its connections are closed at the end."""
    from survey.foundation.storage.database import db
    from tests.support.passwords import hash_quickly
    from wsgi import create_app

    hash_quickly()
    app = create_app(settings)
    app.test_client_class = SeparateClient
    app.jinja_env.bytecode_cache = _TEMPLATES
    with app.app_context():
        share_statements(db.engine)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def settings(database_url: str) -> Settings:
    """The settings `app` is made with; a test module may override this fixture (`settings.but(...)`)."""
    from survey.foundation.configuration.settings import Settings

    # What a handful of answers says is told at once: tests of the release gate itself set its step.
    return Settings(secret_key=SECRET_KEY, database_url=database_url, testing=True, release_step=0)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application on a migrated database: once on SQLite, once on PostgreSQL."""
    with application(settings) as app:
        yield app


@pytest.fixture
def database(app: Flask) -> Iterator[SQLAlchemy]:
    """The database inside an application context: `database.session.execute(...)`."""
    from survey.foundation.storage.database import db

    with app.app_context():
        yield db


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Sends requests to `app`."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs commands of `app`: `runner.invoke(args=["survey", "import", …])`."""
    return app.test_cli_runner()


@dataclass(frozen=True)
class LiveServer:
    """The application on a real port of 127.0.0.1, in a thread of this process: a frozen clock holds there too."""

    url: str
    app: Flask


@pytest.fixture
def live_server(sqlite_databases: DatabaseFactory) -> Iterator[LiveServer]:
    """A server with a migrated SQLite database of its own, for browser tests."""
    from survey.foundation.configuration.settings import Settings

    with sqlite_databases.migrated() as database_url, socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = Settings(
            secret_key=SECRET_KEY, database_url=database_url, public_url=url, testing=True, release_step=0
        )
        with application(settings) as app, serving(app, listener):
            yield LiveServer(url=url, app=app)


def made_whole(app: WSGIApplication) -> WSGIApplication:
    """An application whose answers are read and closed before any of it is sent.

    Werkzeug's server leaves the file of an answer open when the visitor hangs up before its end, as a browser does
    when a test closes it: Python's complaint then struck whichever test was running.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return list(parts)

    return answer


@contextmanager
def serving(app: Flask, listener: socket.socket) -> Iterator[None]:
    """Answer on a port while the block lasts."""
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    host, port = listener.getsockname()
    server = make_server(host, port, made_whole(app), threaded=True, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
