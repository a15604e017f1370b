"""documents on spans of days, and the coverage report by schedule"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ONE_A_PERIOD = "uq_due_reports_province_id_recipient_period"
ONE_A_KIND = "uq_due_reports_province_id_recipient_period_kind"


def upgrade() -> None:
    _widen_periods()
    with op.batch_alter_table("due_reports") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=12), nullable=False, server_default="satisfaction"))
        batch.drop_constraint(ONE_A_PERIOD, type_="unique")
        batch.create_unique_constraint(ONE_A_KIND, ["province_id", "recipient", "period", "kind"])


def downgrade() -> None:
    # The archive keeps its wider column: what lies in it may be that long, and is never changed.
    op.execute(
        "DELETE FROM report_deliveries WHERE due_report_id IN (SELECT id FROM due_reports WHERE kind <> 'satisfaction')"
    )
    op.execute("DELETE FROM due_reports WHERE kind <> 'satisfaction'")
    with op.batch_alter_table("due_reports") as batch:
        batch.drop_constraint(ONE_A_KIND, type_="unique")
        batch.drop_column("kind")
        batch.create_unique_constraint(ONE_A_PERIOD, ["province_id", "recipient", "period"])


def _widen_periods() -> None:
    """A span of days, 2026-09-10..2026-10-05, is 22 letters long. SQLite copies the table, which loses its triggers."""
    with op.batch_alter_table("archived_reports") as batch:
        batch.alter_column("period", type_=sa.String(length=24), existing_type=sa.String(length=20))
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER archived_reports_no_{action.lower()} BEFORE {action} ON archived_reports "
                "BEGIN SELECT RAISE(ABORT, 'archived reports are never changed'); END"
            )
