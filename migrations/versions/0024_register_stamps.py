"""a stamp that changes with every change to what counters are and ask, so that it can be remembered by it

The database itself sets the stamp, whatever wrote the row. It is the sum of a few random numbers: the same never comes
back for other content. On SQLite, which has one writer, there is one number. On PostgreSQL a transaction changes a number
that no other transaction holds at the moment (or adds one), so that changing the register never makes anybody wait.

On SQLite a later migration that rebuilds one of these tables (batch_alter_table) must create its triggers again;
tests/responses/test_register_stamp.py tells.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SQLITE_STAMP = "abs(random() % 281474976710656)"
POSTGRESQL_STAMP = "floor(random() * 281474976710656)::bigint"
# The columns whose update counts; None: any. Caseloads say what is served, their counts nothing of the form; devices
# write down every contact.
TABLES: dict[str, tuple[str, ...] | None] = {
    "agencies": None,
    "services": None,
    "counters": None,
    "counter_services": None,
    "caseloads": ("agency_id", "service_id"),
    "questionnaires": None,
    "questionnaire_versions": None,
    "facts": None,
    "devices": ("name", "key_digest", "revoked_at"),
    "device_assignments": None,
}
NAME = "{table}_register_{event}"


def upgrade() -> None:
    op.create_table(
        "register_stamps",
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_register_stamps")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(f"INSERT INTO register_stamps VALUES (0, {SQLITE_STAMP if sqlite else POSTGRESQL_STAMP})")
    (_watch_on_sqlite if sqlite else _watch_on_postgresql)()


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for event in ("insert", "update", "delete", *([] if sqlite else ["truncate"])):
            name = NAME.format(table=table, event=event)
            op.execute(f"DROP TRIGGER {name}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        op.execute("DROP FUNCTION stamp_register()")
    op.drop_table("register_stamps")


def _events(table: str) -> dict[str, str]:
    columns = TABLES[table]
    return {
        "insert": "INSERT",
        "update": f"UPDATE OF {', '.join(columns)}" if columns else "UPDATE",
        "delete": "DELETE",
    }


def _watch_on_sqlite() -> None:
    for table in TABLES:
        for event, words in _events(table).items():
            op.execute(
                f"CREATE TRIGGER {NAME.format(table=table, event=event)} AFTER {words} ON {table} BEGIN "
                f"INSERT INTO register_stamps (slot, stamp) VALUES (0, {SQLITE_STAMP}) "
                "ON CONFLICT (slot) DO UPDATE SET stamp = excluded.stamp; END"
            )


def _watch_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION stamp_register() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM register_stamps WHERE xmin = pg_current_xact_id()::xid) THEN RETURN NULL; END IF; "
        f"UPDATE register_stamps SET stamp = {POSTGRESQL_STAMP} WHERE slot = "
        "(SELECT slot FROM register_stamps ORDER BY slot LIMIT 1 FOR UPDATE SKIP LOCKED); "
        "IF NOT FOUND THEN INSERT INTO register_stamps (slot, stamp) "
        f"VALUES ({POSTGRESQL_STAMP}, {POSTGRESQL_STAMP}); END IF; "
        "RETURN NULL; END $$"
    )
    for table in TABLES:
        for event, words in {**_events(table), "truncate": "TRUNCATE"}.items():
            op.execute(
                f"CREATE TRIGGER {NAME.format(table=table, event=event)} AFTER {words} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION stamp_register()"
            )
