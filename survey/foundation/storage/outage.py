"""When the database cannot serve: gone, restarting, full, read-only, too busy or another program's. All answer 503."""

from __future__ import annotations

import errno
from typing import Any

from flask import Flask, g, has_app_context, has_request_context
from sqlalchemy import exc
from sqlalchemy.exc import DBAPIError, DisconnectionError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from survey.foundation.storage.database import Base, db
from survey.foundation.storage.schema_revision import is_of_another_program

RETRY_AFTER = 10  # seconds
_OF_THE_POOL = (PoolTimeoutError, DisconnectionError, PendingRollbackError)  # the last: after an outage met before
_OF_THE_MACHINE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG),  # a disk that is full, read-only or broken
    *(errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN),  # nothing left to open a file or begin a process with
}


def is_outage(error: BaseException) -> bool:
    """Whether an error says that the server or its database cannot serve now, and not that they were asked wrongly."""
    if isinstance(error, OSError):
        return error.errno in _OF_THE_MACHINE
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, _OF_THE_POOL) or any(_is_a_state(error, words) for words in (exc, *_driver())):
        return True
    # A table or column that is not there, or one that nobody fills: another server has migrated, or none has yet.
    is_of_a_schema = isinstance(error, exc.ProgrammingError | exc.IntegrityError)
    return is_of_a_schema and has_app_context() and is_of_another_program()


def _is_a_state(error: BaseException, words: Any) -> bool:
    # These mean the database's own state: gone, restarting, full, read-only, damaged, too busy, or that two
    # transactions met. A damaged file is to SQLite's driver a plain database error.
    return type(error) is words.DatabaseError or isinstance(
        error, (words.OperationalError, words.InterfaceError, words.InternalError)
    )


def _driver() -> tuple[Any, ...]:
    # SQLAlchemy gives the errors of the driver other names, but not where it only hands on.
    return (db.engine.dialect.loaded_dbapi,) if has_app_context() else ()


def begin_outage() -> None:
    """From here to the end of this request nothing asks the database any more."""
    g.outage = True
    end_session()


def in_outage() -> bool:
    """Whether this request has found that the database cannot serve."""
    return has_request_context() and bool(g.get("outage"))


def init_outage(app: Flask) -> None:
    """A database that goes away after a page is made spoils neither that page nor the next."""

    @app.teardown_appcontext
    def end(_error: BaseException | None) -> None:
        _end_session()


def end_session() -> None:
    """End what this request had begun to read, and drop what it read: whoever is signed in."""
    for name in [name for name in g if isinstance(g.get(name), Base)]:
        g.pop(name)  # a row would ask for itself again once its session is gone
    _end_session()


def _end_session() -> None:
    """Give back the session's connection, whether or not it still is one.

    Closing a session would keep the connection when its transaction cannot be ended: a few of them, and none is free.
    """
    if not db.session.registry.has():
        return
    db.session.expunge_all()
    try:
        db.session.rollback()
    except Exception as error:
        if not is_outage(error):
            raise
    db.session.remove()
