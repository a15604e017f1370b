"""tickets that do not say which answer they brought, and counted attempts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

USED_EARLIER = "used before 0.2"


def upgrade() -> None:
    with op.batch_alter_table("tickets") as batch:
        batch.add_column(sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("used_mark", sa.String(length=64), nullable=True))
    tickets = sa.table("tickets", *(sa.column(name) for name in ("response_id", "used_mark")))
    op.execute(tickets.update().where(tickets.c.response_id.is_not(None)).values(used_mark=USED_EARLIER))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    later = "strftime('%Y-%m-%d %H:%M:%f000', made_at, '+90 days')" if is_sqlite else "made_at + interval '90 days'"
    op.execute(f"UPDATE tickets SET expires_at = {later}")
    with op.batch_alter_table("tickets") as batch:
        batch.alter_column("expires_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.drop_constraint("uq_tickets_response_id", type_="unique")
        batch.drop_constraint("fk_tickets_response_id_responses", type_="foreignkey")
        batch.drop_column("response_id")
        batch.create_index("ix_tickets_expires_at", ["expires_at"])
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_expires_at", "attempts", ["expires_at"])


def downgrade() -> None:
    op.drop_table("attempts")
    # Which answer a used code brought is not known any more: it must not open a form again.
    op.execute("UPDATE tickets SET code_digest = 'used ' || id WHERE used_mark IS NOT NULL")
    with op.batch_alter_table("tickets") as batch:
        batch.drop_index("ix_tickets_expires_at")
        batch.drop_column("used_mark")
        batch.drop_column("expires_at")
        batch.add_column(sa.Column("response_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key("fk_tickets_response_id_responses", "responses", ["response_id"], ["id"])
        batch.create_unique_constraint("uq_tickets_response_id", ["response_id"])
