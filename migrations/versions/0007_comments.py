"""comments: the newest comments of a province are found through an index of their own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    commented = sa.text("comment IS NOT NULL")
    op.create_index(
        op.f("ix_responses_comments"),
        "responses",
        ["province_id", "answered_at", "id"],
        sqlite_where=commented,
        postgresql_where=commented,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_responses_comments"), table_name="responses")
