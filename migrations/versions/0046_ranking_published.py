"""the ranking of a published year, as two people decided to publish it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("closings") as batch:
        batch.add_column(sa.Column("ranking", json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("closings") as batch:
        batch.drop_column("ranking")
