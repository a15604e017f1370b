"""The staff menu of a kiosk has a PIN."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("devices", sa.Column("pin_salt", sa.String(length=32), nullable=True))
    op.add_column("devices", sa.Column("pin_hash", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("devices", "pin_hash")
    op.drop_column("devices", "pin_salt")
