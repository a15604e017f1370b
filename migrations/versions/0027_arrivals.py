"""the index of an agency's month also holds when its answers were received: the release gate reads nothing else

A database that grows by a million answers a year is then asked for the newest of each agency without its wide rows.
"""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SHORT, LONG = "ix_responses_province_id_month_agency_id", "ix_responses_arrivals"
COLUMNS = ["province_id", "month", "agency_id"]


def upgrade() -> None:
    op.create_index(LONG, "responses", [*COLUMNS, "received_at"])
    op.drop_index(SHORT, "responses")


def downgrade() -> None:
    op.create_index(SHORT, "responses", COLUMNS)
    op.drop_index(LONG, "responses")
