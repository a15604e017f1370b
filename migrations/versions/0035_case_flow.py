"""cases have a kind, a holder, steps and a verdict; some come without an answer on a form"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

HOLDER = "fk_feedback_cases_holder_id_agencies"
CASES = sa.table(
    "feedback_cases", sa.column("id"), sa.column("response_id"), sa.column("state"), sa.column("classified_at"),
    sa.column("opened_at"),
)  # fmt: skip


def _added() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("shares_rating", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("kind", sa.String(length=20), server_default="service", nullable=False),
        sa.Column("classified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("regulation", sa.Text(), nullable=True),
        sa.Column("costs", sa.Text(), nullable=True),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("holder_sector", sa.String(length=20), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_late", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_because", sa.Text(), nullable=True),
        sa.Column("redirected", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def upgrade() -> None:
    with op.batch_alter_table("feedback_cases") as table:
        for column in _added():
            table.add_column(column)
        table.alter_column("response_id", existing_type=sa.Uuid(), nullable=True)
        table.create_index("ix_feedback_cases_agency_id", ["agency_id"])
        table.create_index("ix_feedback_cases_holder_id", ["holder_id"])
        table.create_foreign_key(HOLDER, "agencies", ["holder_id"], ["id"])
    op.execute(CASES.update().where(CASES.c.state == "open").values(state="received"))
    answered = CASES.c.state.in_(("answered", "closed"))
    op.execute(CASES.update().where(answered).values(classified_at=CASES.c.opened_at))
    op.create_table(
        "feedback_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("to_agency_id", sa.Integer(), nullable=True),
        sa.Column("to_sector", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_feedback_steps_by_id_users"),
        sa.ForeignKeyConstraint(["case_id"], ["feedback_cases.id"], name="fk_feedback_steps_case_id_feedback_cases"),
        sa.ForeignKeyConstraint(["to_agency_id"], ["agencies.id"], name="fk_feedback_steps_to_agency_id_agencies"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_steps"),
    )
    op.create_index("ix_feedback_steps_case_id", "feedback_steps", ["case_id"])


def downgrade() -> None:
    op.drop_table("feedback_steps")
    waiting = CASES.c.state.in_(("received", "classified", "assigned"))
    op.execute(CASES.update().where(waiting).values(state="open"))
    op.execute(CASES.delete().where(CASES.c.response_id.is_(None)))
    with op.batch_alter_table("feedback_cases") as table:
        table.drop_constraint(HOLDER, type_="foreignkey")
        table.drop_index("ix_feedback_cases_holder_id")
        table.drop_index("ix_feedback_cases_agency_id")
        table.alter_column("response_id", existing_type=sa.Uuid(), nullable=False)
        for column in reversed(_added()):
            table.drop_column(column.name)
