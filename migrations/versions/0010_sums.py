"""marks that tell when an agency's month of ratings (of a subject) or caseloads changed, and sums kept by them

The database itself sets a mark, whatever wrote the row, so that nothing kept beside it can go stale unnoticed. A mark is
random: the same number never comes back for other content, not even after a restore. On SQLite a later migration that
rebuilds `ratings` or `caseloads` (batch_alter_table) must create these triggers again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQLITE_STAMP = "abs(random() % 281474976710656)"
POSTGRESQL_STAMP = "floor(random() * 281474976710656)::bigint"
TABLES = {"ratings": ("province_id", "subject", "month", "agency_id"), "caseloads": ("agency_id", "month")}
CELLS = ("province_id", "subject", "month", "agency_id", "service_id", "respondent_kind", "counter_id", "day")
ROWS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


def upgrade() -> None:
    op.create_table(
        "rating_marks",
        sa.Column("province_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("agency_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("latest", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("province_id", "subject", "month", "agency_id", name=op.f("pk_rating_marks")),
    )
    op.create_table(
        "caseload_marks",
        sa.Column("agency_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agency_id", "month", name=op.f("pk_caseload_marks")),
    )
    op.create_table(
        "rating_sums",
        sa.Column("province_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("agency_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("sums", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("province_id", "subject", "month", "agency_id", name=op.f("pk_rating_sums")),
    )
    op.drop_index("ix_ratings_cells", table_name="ratings")
    op.create_index("ix_ratings_cells", "ratings", [*CELLS, "channel", "value"])  # the cells of every channel, too
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        _mark_what_is_there(table, SQLITE_STAMP if sqlite else POSTGRESQL_STAMP)
        (_watch_on_sqlite if sqlite else _watch_on_postgresql)(table)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for event in (*ROWS, *([] if sqlite else ["truncate"])):
            op.execute(f"DROP TRIGGER {table}_mark_{event}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION mark_{table}()")
    op.drop_index("ix_ratings_cells", table_name="ratings")
    op.create_index("ix_ratings_cells", "ratings", [*CELLS, "value"])
    op.drop_table("rating_sums")
    op.drop_table("caseload_marks")
    op.drop_table("rating_marks")


def _mark_what_is_there(table: str, stamp: str) -> None:
    key = ", ".join(TABLES[table])
    columns, values = (", latest", ", max(received_at)") if table == "ratings" else ("", "")
    op.execute(
        f"INSERT INTO {_marks(table)} ({key}, stamp{columns}) SELECT {key}, {stamp}{values} FROM {table} GROUP BY {key}"
    )


def _marks(table: str) -> str:
    return f"{table.removesuffix('s')}_marks"


def _watch_on_sqlite(table: str) -> None:
    key, marks = ", ".join(TABLES[table]), _marks(table)
    column, later = (", latest", ", latest = max(latest, excluded.latest)") if table == "ratings" else ("", "")
    for event, rows in ROWS.items():
        statements = []
        for row in rows:
            values = ", ".join(f"{row}.{name}" for name in TABLES[table])
            received = f", {row}.received_at" if table == "ratings" else ""
            statements.append(
                f"INSERT INTO {marks} ({key}, stamp{column}) VALUES ({values}, {SQLITE_STAMP}{received}) "
                f"ON CONFLICT ({key}) DO UPDATE SET stamp = excluded.stamp{later};"
            )
        name = f"{table}_mark_{event}"
        op.execute(f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table} BEGIN {' '.join(statements)} END")


def _watch_on_postgresql(table: str) -> None:
    key, marks = ", ".join(TABLES[table]), _marks(table)
    # Once per transaction is enough: nobody else sees its rows, and nothing is kept from inside one that writes.
    condition, column, values, later = f"{marks}.xmin <> pg_current_xact_id()::xid", "", "", ""
    if table == "ratings":
        column, values = ", latest", ", max(received_at)"
        later = f", latest = greatest({marks}.latest, excluded.latest)"
        condition += f" OR {marks}.latest < excluded.latest"
    # In the order of keys, so that two writers never wait for each other in a ring.
    op.execute(
        f"CREATE FUNCTION mark_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'TRUNCATE' THEN UPDATE {marks} SET stamp = {POSTGRESQL_STAMP}; RETURN NULL; END IF; "
        f"INSERT INTO {marks} ({key}, stamp{column}) "
        f"SELECT {key}, {POSTGRESQL_STAMP}{values} FROM changed GROUP BY {key} ORDER BY {key} "
        f"ON CONFLICT ({key}) DO UPDATE SET stamp = excluded.stamp{later} WHERE {condition}; "
        "IF TG_OP = 'UPDATE' THEN "
        f"INSERT INTO {marks} ({key}, stamp{column}) "
        f"SELECT {key}, {POSTGRESQL_STAMP}{values} FROM before GROUP BY {key} ORDER BY {key} "
        f"ON CONFLICT ({key}) DO UPDATE SET stamp = excluded.stamp{later} WHERE {condition}; END IF; "
        "RETURN NULL; END $$"
    )
    referencing = {
        "insert": "REFERENCING NEW TABLE AS changed",
        "update": "REFERENCING OLD TABLE AS before NEW TABLE AS changed",
        "delete": "REFERENCING OLD TABLE AS changed",
        "truncate": "",
    }
    for event, tables in referencing.items():
        op.execute(
            f"CREATE TRIGGER {table}_mark_{event} AFTER {event.upper()} ON {table} {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION mark_{table}()"
        )
