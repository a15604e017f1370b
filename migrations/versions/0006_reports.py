"""reports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql  # noqa: F401

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


ACTIONS = ("UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "archived_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_archived_reports_made_by_id_users")),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.id"], name=op.f("fk_archived_reports_province_id_provinces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archived_reports")),
        sa.UniqueConstraint("sha256", name=op.f("uq_archived_reports_sha256")),
    )
    with op.batch_alter_table("archived_reports", schema=None) as batch_op:
        batch_op.create_index("ix_archived_reports_province_id_made_at", ["province_id", "made_at"], unique=False)

    op.create_table(
        "report_subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["province_id"], ["provinces.id"], name=op.f("fk_report_subscriptions_province_id_provinces")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_subscriptions")),
        sa.UniqueConstraint(
            "province_id", "recipient", "email", name=op.f("uq_report_subscriptions_province_id_recipient_email")
        ),
    )
    op.create_table(
        "due_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column("make_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("archived_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["archived_id"], ["archived_reports.id"], name=op.f("fk_due_reports_archived_id_archived_reports")
        ),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.id"], name=op.f("fk_due_reports_province_id_provinces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_reports")),
        sa.UniqueConstraint(
            "province_id", "recipient", "period", name=op.f("uq_due_reports_province_id_recipient_period")
        ),
    )
    with op.batch_alter_table("due_reports", schema=None) as batch_op:
        batch_op.create_index("ix_due_reports_status_make_on", ["status", "make_on"], unique=False)

    op.create_table(
        "report_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_report_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["due_report_id"], ["due_reports.id"], name=op.f("fk_report_deliveries_due_report_id_due_reports")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_deliveries")),
        sa.UniqueConstraint(
            "due_report_id", "kind", "email", name=op.f("uq_report_deliveries_due_report_id_kind_email")
        ),
    )
    with op.batch_alter_table("report_deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_deliveries_due_report_id"), ["due_report_id"], unique=False)
        batch_op.create_index(
            "ix_report_deliveries_status_next_attempt_at", ["status", "next_attempt_at"], unique=False
        )

    _refuse_changes()


def _refuse_changes() -> None:
    # What was archived stays as it was, whatever program or hand comes to the table.
    if op.get_bind().dialect.name == "sqlite":
        for action in ACTIONS:
            op.execute(
                f"CREATE TRIGGER archived_reports_no_{action.lower()} BEFORE {action} ON archived_reports "
                "BEGIN SELECT RAISE(ABORT, 'archived reports are never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_archive_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'archived reports are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER archived_reports_no_change BEFORE UPDATE OR DELETE ON archived_reports "
        "FOR EACH ROW EXECUTE FUNCTION refuse_archive_change()"
    )


def downgrade() -> None:
    with op.batch_alter_table("report_deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_report_deliveries_status_next_attempt_at")
        batch_op.drop_index(batch_op.f("ix_report_deliveries_due_report_id"))

    op.drop_table("report_deliveries")
    with op.batch_alter_table("due_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_due_reports_status_make_on")

    op.drop_table("due_reports")
    op.drop_table("report_subscriptions")
    with op.batch_alter_table("archived_reports", schema=None) as batch_op:
        batch_op.drop_index("ix_archived_reports_province_id_made_at")

    op.drop_table("archived_reports")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_archive_change()")
