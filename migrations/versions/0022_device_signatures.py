"""a device's public key, and the queue files it signed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("devices") as batch:
        batch.add_column(sa.Column("public_key", sa.String(length=200), nullable=True))
    op.create_table(
        "queue_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_queue_files_device_id_devices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_files")),
        sa.UniqueConstraint("content_digest", name=op.f("uq_queue_files_content_digest")),
    )
    op.create_index("ix_queue_files_device_id", "queue_files", ["device_id"])
    op.create_table(
        "queue_file_answers",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("queue_file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_queue_file_answers_response_id_responses")
        ),
        sa.ForeignKeyConstraint(
            ["queue_file_id"], ["queue_files.id"], name=op.f("fk_queue_file_answers_queue_file_id_queue_files")
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_queue_file_answers")),
    )
    op.create_index("ix_queue_file_answers_queue_file_id", "queue_file_answers", ["queue_file_id"])


def downgrade() -> None:
    op.drop_table("queue_file_answers")
    op.drop_table("queue_files")
    with op.batch_alter_table("devices") as batch:
        batch.drop_column("public_key")
