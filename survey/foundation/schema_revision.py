"""Where the schema stands, in the database and in the program."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from survey.foundation.database import db, migrate


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
