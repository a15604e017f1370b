"""of forms that were handed in nothing but their numbers, in no order"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_HANDED_IN = "batch_id IN (SELECT id FROM paper_batches WHERE state = 'handed_in')"


def upgrade() -> None:
    op.create_table(
        "paper_numbers",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_paper_numbers")),
    )
    op.execute(
        f"INSERT INTO paper_numbers (number) SELECT number FROM paper_entries WHERE {_HANDED_IN} ORDER BY number"
    )
    op.execute(f"DELETE FROM paper_entries WHERE {_HANDED_IN}")


def downgrade() -> None:
    """Which forms were handed in is forgotten: nothing leads back from a number to its batch."""
    op.drop_table("paper_numbers")
