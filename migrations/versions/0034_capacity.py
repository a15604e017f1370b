"""answers beyond what a counter can serve in an hour are marked at the door; nothing is refused or deleted"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers_beyond_capacity",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_answers_beyond_capacity_response_id_responses")
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_answers_beyond_capacity")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION answers_in_hour(counter integer, on_day date, at timestamptz) RETURNS bigint "
            "LANGUAGE sql STABLE SET enable_seqscan = off AS $$ SELECT count(*) FROM responses "
            "WHERE counter_id = counter AND day = on_day AND answered_at = at $$"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION answers_in_hour(integer, date, timestamptz)")
    op.drop_table("answers_beyond_capacity")
