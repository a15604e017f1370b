"""the language of the desk's pages, kept for the account"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.String(8), server_default="vi", nullable=False))


def downgrade() -> None:
    op.drop_column("users", "language")
