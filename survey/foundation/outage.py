"""When the database cannot serve: gone, restarting, full, read-only or too busy. Every page then answers 503."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from flask import g, has_request_context
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from survey.foundation.database import db

RETRY_AFTER = 10  # seconds
_READ_ONLY = "25006"  # PostgreSQL: a standby, or a server that protects its disk


def is_outage(error: BaseException) -> bool:
    """Whether an error says that the database cannot serve now, and not that we asked it something wrong."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError | sqlite3.OperationalError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) == _READ_ONLY


def begin_outage() -> None:
    """From here to the end of this request nothing asks the database any more."""
    g.outage = True
    with suppress(Exception):  # a connection that is gone cannot be rolled back either
        db.session.rollback()
    with suppress(Exception):
        db.session.remove()


def in_outage() -> bool:
    """Whether this request has found that the database cannot serve."""
    return has_request_context() and bool(g.get("outage"))
