"""editions of the owners' methods"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "method_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("sector", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=160), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("own_words", sa.Text(), nullable=False),
        sa.Column(
            "content", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("retired_because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name="fk_method_editions_province_id_provinces"),
        sa.ForeignKeyConstraint(["published_by_id"], ["users.id"], name="fk_method_editions_published_by_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_method_editions"),
        sa.UniqueConstraint("province_id", "sector", "number", name="uq_method_editions_province_id_sector_number"),
    )


def downgrade() -> None:
    op.drop_table("method_editions")
