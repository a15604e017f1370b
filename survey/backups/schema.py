"""Where the database's schema stands among the migrations, and moving it."""

from __future__ import annotations

import flask_migrate
import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.engine import Connection


def current_revision(connection: Connection) -> str | None:
    """The revision of the database; None: it has no tables yet."""
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
    config: Config = current_app.extensions["migrate"].migrate.get_config()
    return ScriptDirectory.from_config(config)
