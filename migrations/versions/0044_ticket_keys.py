"""access keys with which the software of an agency makes tickets"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("sector", sa.String(length=20), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_ticket_keys_agency_id_agencies"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_keys"),
        sa.UniqueConstraint("key_digest", name="uq_ticket_keys_key_digest"),
    )
    op.create_index("ix_ticket_keys_agency_id", "ticket_keys", ["agency_id"])


def downgrade() -> None:
    op.drop_index("ix_ticket_keys_agency_id", table_name="ticket_keys")
    op.drop_table("ticket_keys")
