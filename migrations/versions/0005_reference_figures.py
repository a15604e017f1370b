"""reference_figures"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reference_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("part_of", sa.String(length=40), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=8), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_reference_figures_rank_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_figures")),
        sa.UniqueConstraint("province", "year", "indicator", name=op.f("uq_reference_figures_province_year_indicator")),
    )
    op.create_index(op.f("ix_reference_figures_part_of"), "reference_figures", ["part_of"])


def downgrade() -> None:
    op.drop_index(op.f("ix_reference_figures_part_of"), table_name="reference_figures")
    op.drop_table("reference_figures")
