"""Where the schema stands, in the database and in the program."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from survey.foundation.database import MIGRATIONS, db


def database_revision() -> str | None:
    """The migration the database stands at; None when it was never migrated."""
    try:
        return db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        db.session.rollback()
        return None


def program_revision() -> str:
    """The newest migration the program ships, by the names of their files: Alembic would read all of them for it."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]
