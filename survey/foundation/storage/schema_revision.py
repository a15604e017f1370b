"""Where the schema stands, in the database and in the program."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from survey.foundation.storage.database import MIGRATIONS, db

_STANDS_AT = text("SELECT version_num FROM alembic_version")


def database_revision() -> str | None:
    """The migration the database stands at; None when it was never migrated."""
    try:
        return db.session.execute(_STANDS_AT).scalar()
    except SQLAlchemyError:
        db.session.rollback()
        return None


def asked_revision() -> str | None:
    """The migration the database stands at, by a connection of its own: the session's transaction may have failed.

    Raises:
        SQLAlchemyError: the database was never migrated, or cannot be asked.
    """
    with db.engine.connect() as connection:
        stored: str | None = connection.scalar(_STANDS_AT)
    return stored


def is_of_another_program() -> bool:
    """Whether the database stands elsewhere than this program's head, as while servers are upgraded one by one."""
    try:
        return asked_revision() != program_revision()
    except SQLAlchemyError:
        return True  # it was never migrated, or cannot be asked


def program_revision() -> str:
    """The newest migration the program ships, by the names of their files: Alembic would read all of them for it."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def is_of_later_program(revision: str) -> bool:
    """Whether a migration is none of this program's."""
    return not any((MIGRATIONS / "versions").glob(f"{revision}_*.py"))
