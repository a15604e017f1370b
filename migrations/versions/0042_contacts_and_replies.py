"""contacts of cases apart from them, replies in public, measures taken because of cases"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_contacts",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_cases.id"], name="fk_feedback_contacts_case_id_feedback_cases"),
        sa.PrimaryKeyConstraint("case_id", name="pk_feedback_contacts"),
    )
    op.create_table(
        "feedback_publications",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["feedback_cases.id"], name="fk_feedback_publications_case_id_feedback_cases"
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_feedback_publications_agency_id_agencies"),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name="fk_feedback_publications_service_id_services"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name="fk_feedback_publications_proposed_by_id_users"),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["users.id"], name="fk_feedback_publications_published_by_id_users"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_feedback_publications"),
    )
    op.create_table(
        "measure_cases",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name="fk_measure_cases_measure_id_measures", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["feedback_cases.id"], name="fk_measure_cases_case_id_feedback_cases", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("measure_id", "case_id", name="pk_measure_cases"),
    )
    op.create_index("ix_measure_cases_case_id", "measure_cases", ["case_id"])


def downgrade() -> None:
    op.drop_table("measure_cases")
    op.drop_table("feedback_publications")
    op.drop_table("feedback_contacts")
