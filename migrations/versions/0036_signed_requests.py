"""devices sign what they send: from a device's first signed request on, its key alone proves nothing"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TRIGGER = "devices_register_update"
# A device's public key and whether it signs are remembered with the register (migration 0024).
BEFORE = ("name", "key_digest", "revoked_at")
AFTER = (*BEFORE, "public_key", "signs_requests")


def upgrade() -> None:
    op.add_column("devices", sa.Column("signs_requests", sa.Boolean(), server_default=sa.false(), nullable=False))
    _watch(AFTER)


def downgrade() -> None:
    _watch(BEFORE)
    op.drop_column("devices", "signs_requests")


def _watch(columns: tuple[str, ...]) -> None:
    words = f"AFTER UPDATE OF {', '.join(columns)} ON devices"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {TRIGGER}")
        op.execute(
            f"CREATE TRIGGER {TRIGGER} {words} BEGIN "
            "INSERT INTO register_stamps (slot, stamp) VALUES (0, abs(random() % 281474976710656)) "
            "ON CONFLICT (slot) DO UPDATE SET stamp = excluded.stamp; END"
        )
        return
    op.execute(f"DROP TRIGGER {TRIGGER} ON devices")
    op.execute(f"CREATE TRIGGER {TRIGGER} {words} FOR EACH STATEMENT EXECUTE FUNCTION stamp_register()")
