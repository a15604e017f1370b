"""whose caseloads of a month the method's owner has confirmed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "caseload_confirmations",
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("sector", sa.String(length=20), nullable=False),
        sa.Column("figures_hash", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agencies.id"], name=op.f("fk_caseload_confirmations_agency_id_agencies")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_caseload_confirmations_confirmed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("agency_id", "month", "sector", name=op.f("pk_caseload_confirmations")),
    )


def downgrade() -> None:
    op.drop_table("caseload_confirmations")
