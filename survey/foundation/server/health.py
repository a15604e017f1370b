"""``/healthz``: the process answers. ``/readyz``: the database answers and its schema is the program's."""

from __future__ import annotations

import logging
import sqlite3

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from survey.foundation.access import public
from survey.foundation.storage.database import writing
from survey.foundation.storage.schema_revision import database_revision, program_revision
from survey.foundation.version import program_commit, program_version

blueprint = Blueprint("health", __name__)


def can_write() -> bool:
    """Whether something can be stored now: a full or read-only disk goes on reading well for a long time."""
    try:
        with writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = version_num"))
    except SQLAlchemyError as error:
        if _is_busy(error):
            return True
        logging.getLogger("hai_long").error("nothing can be stored: %s", type(error).__name__)
        return False
    return True


def _is_busy(error: SQLAlchemyError) -> bool:
    # Whoever waited long behind another writer could store, had it been its turn.
    return (
        isinstance(error, OperationalError)
        and isinstance(error.orig, sqlite3.OperationalError)
        and "locked" in str(error.orig)
    )


@blueprint.get("/healthz")
@public("monitoring", printed="monitoring")
def healthz() -> Response:
    """The process is alive."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
@public("monitoring", printed="monitoring")
def readyz() -> tuple[Response, int]:
    """The database answers, stands at this program's head and takes what is written; 503 otherwise.

    Either way: which program it is.
    """
    stored, wanted = database_revision(), program_revision()
    ready = stored is not None and stored == wanted and can_write()
    answer = {"status": "ok" if ready else "not ready", "schema": stored, "program": wanted}
    built = {"version": program_version(), "commit": program_commit()}
    return jsonify(answer | built), 200 if ready else 503
