"""paper forms: runs that were printed, batches and forms that are typed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["counters.id"], name=op.f("fk_paper_runs_counter_id_counters")),
        sa.ForeignKeyConstraint(
            ["questionnaire_version_id"],
            ["questionnaire_versions.id"],
            name=op.f("fk_paper_runs_questionnaire_version_id_questionnaire_versions"),
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_paper_runs_made_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_runs")),
    )
    op.create_index("ix_paper_runs_counter_id", "paper_runs", ["counter_id"])
    op.create_table(
        "paper_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["paper_runs.id"], name=op.f("fk_paper_batches_run_id_paper_runs")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_paper_batches_service_id_services")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_paper_batches_opened_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batches")),
    )
    op.create_index("ix_paper_batches_run_id", "paper_batches", ["run_id"])
    op.create_table(
        "paper_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_by_id", sa.Integer(), nullable=False),
        sa.Column("in_sample", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("differences", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batches.id"], name=op.f("fk_paper_entries_batch_id_paper_batches")
        ),
        sa.ForeignKeyConstraint(["typed_by_id"], ["users.id"], name=op.f("fk_paper_entries_typed_by_id_users")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["users.id"], name=op.f("fk_paper_entries_checked_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_entries")),
        sa.UniqueConstraint("number", name=op.f("uq_paper_entries_number")),
    )
    op.create_index("ix_paper_entries_batch_id", "paper_entries", ["batch_id"])


def downgrade() -> None:
    op.drop_table("paper_entries")
    op.drop_table("paper_batches")
    op.drop_table("paper_runs")
