"""Where the database's schema stands among the migrations, and moving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Connection

if TYPE_CHECKING:  # Alembic is read when a command needs it: servers would carry it for nothing
    from alembic.script import ScriptDirectory


def current_revision(connection: Connection) -> str | None:
    """The revision of the database; None: it has no tables yet."""
    from alembic.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The revision this program works with."""
    head = _scripts().get_current_head()
    assert head is not None, "there are migrations"
    return head


def known_revisions() -> list[str]:
    """Every revision this program knows, oldest first."""
    return [script.revision for script in reversed(list(_scripts().walk_revisions()))]


def move_schema(current: str | None, revision: str) -> None:
    """Migrate the database up or down to a revision."""
    import flask_migrate

    order = known_revisions()
    if current is not None and order.index(current) > order.index(revision):
        flask_migrate.downgrade(revision=revision)
    elif current != revision:
        flask_migrate.upgrade(revision=revision)


def holds_any(connection: Connection, tables: tuple[str, ...]) -> bool:
    """Whether one of these tables exists and holds a row."""
    present = set(sa.inspect(connection).get_table_names())
    return any(
        connection.scalar(sa.select(sa.exists().select_from(sa.table(name)))) for name in tables if name in present
    )


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
