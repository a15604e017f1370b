"""how far the process is that reads or takes in a long file, and what came of it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
    with op.batch_alter_table("import_drafts") as batch:
        batch.add_column(sa.Column("task", sa.String(length=10), nullable=True))
        batch.add_column(sa.Column("stage", sa.String(length=100), nullable=False, server_default=""))
        batch.add_column(sa.Column("done", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("total", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("beat_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("result", json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("import_drafts") as batch:
        for name in ("result", "beat_at", "total", "done", "stage", "task"):
            batch.drop_column(name)
