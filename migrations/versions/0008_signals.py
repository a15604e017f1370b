"""signals"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "signals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("sector", sa.String(length=20), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("explained_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_signals_agency_id_agencies")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["users.id"], name=op.f("fk_signals_closed_by_id_users")),
        sa.ForeignKeyConstraint(["counter_id"], ["counters.id"], name=op.f("fk_signals_counter_id_counters")),
        sa.ForeignKeyConstraint(["explained_by_id"], ["users.id"], name=op.f("fk_signals_explained_by_id_users")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_signals_province_id_provinces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signals")),
        sa.UniqueConstraint("province_id", "kind", "about", name=op.f("uq_signals_province_id_kind_about")),
    )
    op.create_index("ix_signals_province_id_month", "signals", ["province_id", "month"])


def downgrade() -> None:
    op.drop_index("ix_signals_province_id_month", table_name="signals")
    op.drop_table("signals")
