"""which reports came as part of a flood and wait apart until a clerk has looked at them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feedback_cases") as batch:
        batch.add_column(sa.Column("set_apart", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("feedback_cases") as batch:
        batch.drop_column("set_apart")
