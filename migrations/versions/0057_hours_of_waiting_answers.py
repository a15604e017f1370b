"""of answers that a kiosk holds the hour alone: older reports named refused ones and told their second"""

from __future__ import annotations

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A kiosk that still reports says anew what it holds; one that is revoked or lost never would."""
    if op.get_bind().dialect.name == "postgresql":
        without, hour = "status - 'refused'", "date_trunc('hour', oldest_unsent_at)"
    else:
        without, hour = "json_remove(status, '$.refused')", "substr(oldest_unsent_at, 1, 13) || ':00:00.000000'"
    op.execute(f"UPDATE devices SET status = {without}")
    op.execute(f"UPDATE devices SET oldest_unsent_at = {hour} WHERE oldest_unsent_at IS NOT NULL")


def downgrade() -> None:
    """Nothing brings back what was more exact."""
