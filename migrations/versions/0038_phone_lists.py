"""calls by telephone: lists of dossiers that were drawn, and what came of each call"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "phone_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["counter_id"], ["counters.id"], name=op.f("fk_phone_lists_counter_id_counters")),
        sa.ForeignKeyConstraint(
            ["questionnaire_version_id"],
            ["questionnaire_versions.id"],
            name=op.f("fk_phone_lists_questionnaire_version_id_questionnaire_versions"),
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_phone_lists_service_id_services")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_phone_lists_made_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_lists")),
    )
    op.create_index("ix_phone_lists_counter_id", "phone_lists", ["counter_id"])
    op.create_table(
        "phone_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("calls", sa.SmallInteger(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by_id", sa.Integer(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["phone_lists.id"], name=op.f("fk_phone_contacts_list_id_phone_lists")),
        sa.ForeignKeyConstraint(["held_by_id"], ["users.id"], name=op.f("fk_phone_contacts_held_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_contacts")),
        sa.UniqueConstraint("mark", name=op.f("uq_phone_contacts_mark")),
    )
    op.create_index("ix_phone_contacts_list_id", "phone_contacts", ["list_id"])


def downgrade() -> None:
    op.drop_table("phone_contacts")
    op.drop_table("phone_lists")
