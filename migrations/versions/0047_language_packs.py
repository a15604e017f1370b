"""languages from packs, their sounds, and the stamp that changes with them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

# As migration 0024 watches the register: a pack that comes or goes changes what counters ask.
SQLITE_STAMP = "abs(random() % 281474976710656)"
EVENTS = ("insert", "update", "delete")


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    op.create_table(
        "language_packs",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("manifest", json, nullable=False),
        sa.Column("texts", json, nullable=False),
        sa.Column("sounds", json, nullable=False),
        sa.Column("stamp", sa.String(length=16), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_language_packs")),
    )
    op.create_table(
        "language_sounds",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_language_sounds")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for event in EVENTS if sqlite else (*EVENTS, "truncate"):
        name = f"language_packs_register_{event}"
        if sqlite:
            op.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON language_packs BEGIN "
                f"INSERT INTO register_stamps (slot, stamp) VALUES (0, {SQLITE_STAMP}) "
                "ON CONFLICT (slot) DO UPDATE SET stamp = excluded.stamp; END"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON language_packs "
                "FOR EACH STATEMENT EXECUTE FUNCTION stamp_register()"
            )


def downgrade() -> None:
    op.drop_table("language_sounds")
    op.drop_table("language_packs")
