"""how many answers a counter has in an hour is read from an index, and only as far as it matters"""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

SAME_HOUR = "FROM responses WHERE counter_id = counter AND day = on_day AND answered_at = at"
HEAD = "RETURNS bigint LANGUAGE sql STABLE SET enable_seqscan = off AS"


def upgrade() -> None:
    op.drop_index("ix_responses_counter_id_day", table_name="responses")
    op.create_index("ix_responses_counter_hour", "responses", ["counter_id", "day", "answered_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION answers_in_hour(integer, date, timestamptz)")
        op.execute(
            f"CREATE FUNCTION answers_in_hour(counter integer, on_day date, at timestamptz, most integer) {HEAD} "
            f"$$ SELECT count(*) FROM (SELECT 1 {SAME_HOUR} LIMIT most) AS counted $$"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION answers_in_hour(integer, date, timestamptz, integer)")
        op.execute(
            f"CREATE FUNCTION answers_in_hour(counter integer, on_day date, at timestamptz) {HEAD} "
            f"$$ SELECT count(*) {SAME_HOUR} $$"
        )
    op.drop_index("ix_responses_counter_hour", table_name="responses")
    op.create_index("ix_responses_counter_id_day", "responses", ["counter_id", "day"])
