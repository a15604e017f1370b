"""Pages asked for once by the server itself, before its processes are forked: what that makes, all of them share.

A page that is asked for the first time makes much that lasts: statements compiled, code and types settled, rows of the
register, figures. Made in each process it would lie in memory as often as there are processes. What is rehearsed here
stores nothing, is not counted, not logged, and leaves no connection open.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from survey.foundation.configuration.settings import Settings
from survey.foundation.registered import PerApp
from survey.foundation.server.logs import log_unexpected
from survey.foundation.storage.database import db
from survey.foundation.storage.outage import is_outage
from survey.foundation.storage.schema_revision import database_revision, program_revision

REHEARSED = "hai_long.rehearsed"  # in the environment of a request that nobody sent
REHEARSALS: PerApp[Callable[[], None]] = PerApp("rehearsal")


def register_rehearsal(app: Flask, rehearsal: Callable[[], None]) -> None:
    """Let a feature ask for its first pages in an application's context, on a current schema."""
    REHEARSALS.add(app, rehearsal.__qualname__, rehearsal)


def rehearse(app: Flask) -> None:
    """All that features have registered. A database that cannot serve, or is older than the program, is left alone."""
    logging.disable()
    try:
        with app.app_context():
            if _is_there() and database_revision() == program_revision():
                for rehearsal in REHEARSALS.members(app).values():
                    rehearsal()
                    db.session.rollback()
    except Exception as error:  # noqa: BLE001 - the server starts all the same, and tells whoever asks
        logging.disable(logging.NOTSET)
        if not is_outage(error):
            log_unexpected(error)
    finally:
        logging.disable(logging.NOTSET)
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def nobody(app: Flask) -> FlaskClient:
    """Whoever asks here: by the public address, uncounted."""
    settings: Settings = app.extensions["settings"]
    client = app.test_client()
    client.environ_base |= {REHEARSED: "", "HTTP_HOST": settings.public_url.partition("://")[2]}
    return client


def _is_there() -> bool:
    """Whether there is a database: to ask SQLite would make an empty one."""
    path = db.engine.url.database
    return db.engine.dialect.name != "sqlite" or bool(path and Path(path).is_file())
