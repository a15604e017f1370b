"""``/healthz``: the process answers. ``/readyz``: the database answers and its schema is the program's."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from survey.foundation.database import db, migrate
from survey.foundation.version import program_commit, program_version

blueprint = Blueprint("health", __name__)


def database_revision() -> str | None:
    """The migration the database stands at; None when it was never migrated."""
    try:
        return db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        db.session.rollback()
        return None


def program_revision() -> str | None:
    """The newest migration the program ships."""
    config = current_app.extensions["migrate"].migrate.get_config(migrate.directory)
    return ScriptDirectory.from_config(config).get_current_head()


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process is alive."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """The database answers and is migrated to this program's head; 503 otherwise. Either way: which program it is."""
    found, wanted = database_revision(), program_revision()
    ready = found is not None and found == wanted
    answer = {"status": "ok" if ready else "not ready", "schema": found, "program": wanted}
    built = {"version": program_version(), "commit": program_commit()}
    return jsonify(answer | built), 200 if ready else 503
