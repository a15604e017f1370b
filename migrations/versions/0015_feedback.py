"""feedback cases: comments that need an answer"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("sector", sa.String(length=20), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_feedback_cases_agency_id_agencies")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_feedback_cases_opened_by_id_users")),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.id"], name=op.f("fk_feedback_cases_province_id_provinces")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_feedback_cases_response_id_responses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_cases")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_feedback_cases_code_digest")),
        sa.UniqueConstraint("response_id", name=op.f("uq_feedback_cases_response_id")),
    )
    op.create_index("ix_feedback_cases_province_id_state_due_on", "feedback_cases", ["province_id", "state", "due_on"])


def downgrade() -> None:
    op.drop_index("ix_feedback_cases_province_id_state_due_on", table_name="feedback_cases")
    op.drop_table("feedback_cases")
