"""kept sums name the codebook their numbers were written under

Those there are name none, so they are counted anew when they are next asked for, or by `flask analysis sums`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("rating_sums") as batch:
        batch.add_column(sa.Column("codebook", sa.String(length=16), nullable=False, server_default=""))
    with op.batch_alter_table("rating_sums") as batch:
        batch.alter_column("codebook", server_default=None)


def downgrade() -> None:
    op.execute("UPDATE rating_sums SET stamp = -1")  # no mark has this stamp: nothing kept is used
    with op.batch_alter_table("rating_sums") as batch:
        batch.drop_column("codebook")
