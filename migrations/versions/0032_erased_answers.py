"""answers erased by order are remembered, accounts know since when they are switched off"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased_answers",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_erased_answers")),
    )
    op.add_column("users", sa.Column("switched_off_at", sa.DateTime(timezone=True)))
    # Whoever is switched off already has two years from now.
    op.execute("UPDATE users SET switched_off_at = CURRENT_TIMESTAMP WHERE NOT active")


def downgrade() -> None:
    op.drop_table("erased_answers")
    with op.batch_alter_table("users") as users:
        users.drop_column("switched_off_at")
