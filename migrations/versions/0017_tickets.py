"""single-use codes on dossier receipts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["counter_id"], ["counters.id"], name=op.f("fk_tickets_counter_id_counters")),
        sa.ForeignKeyConstraint(["response_id"], ["responses.id"], name=op.f("fk_tickets_response_id_responses")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_tickets_service_id_services")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_tickets_code_digest")),
        sa.UniqueConstraint("response_id", name=op.f("uq_tickets_response_id")),
    )
    op.create_index("ix_tickets_counter_id", "tickets", ["counter_id"])


def downgrade() -> None:
    op.drop_index("ix_tickets_counter_id", table_name="tickets")
    op.drop_table("tickets")
