"""dates that could not be verified; devices that could not be paired"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain ADD COLUMN: SQLite then writes no row of what may be millions.
    op.add_column("responses", sa.Column("date_uncertain", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("pairing_codes", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("pairing_codes", sa.Column("refused_for", sa.String(length=200), nullable=True))


def downgrade() -> None:
    op.drop_column("pairing_codes", "refused_for")
    op.drop_column("pairing_codes", "refused_at")
    op.drop_column("responses", "date_uncertain")
