"""a province's own target may end, by a document"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("targets") as batch:
        batch.add_column(sa.Column("last_year", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("ended_by", sa.String(length=300), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("targets") as batch:
        batch.drop_column("ended_by")
        batch.drop_column("last_year")
