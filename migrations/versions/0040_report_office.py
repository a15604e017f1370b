"""an office's words in its reports, the journal of signed and sent reports, the decision they rest on"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create(
        "report_words",
        ("province_id", "recipient", "period", "part"),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
    )
    _create(
        "report_records",
        ("province_id", "recipient", "period", "kind"),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
    )
    _create(
        "report_decisions",
        ("province_id",),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
    )


def downgrade() -> None:
    for table in ("report_decisions", "report_records", "report_words"):
        op.drop_table(table)


def _create(table: str, unique: tuple[str, ...], *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f(f"fk_{table}_province_id_provinces")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{'_'.join(unique)}")),
    )
