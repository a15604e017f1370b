"""which questionnaire is asked where; the register's stamp changes with it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

TABLE = "questionnaire_uses"
EVENTS = ("insert", "update", "delete")
SQLITE_STAMP = "abs(random() % 281474976710656)"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire_key", sa.String(length=40), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("wave", sa.String(length=100), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{TABLE}_{column}_{target.partition('.')[0]}"))
            for column, target in (
                ("province_id", "provinces.id"),
                ("questionnaire_key", "questionnaires.key"),
                ("agency_id", "agencies.id"),
                ("counter_id", "counters.id"),
                ("service_id", "services.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index("ix_questionnaire_uses_province_id", TABLE, ["province_id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for event in (*EVENTS, *([] if sqlite else ["truncate"])):
        start = f"CREATE TRIGGER {TABLE}_register_{event} AFTER {event.upper()} ON {TABLE} "
        op.execute(
            f"{start}BEGIN INSERT INTO register_stamps (slot, stamp) VALUES (0, {SQLITE_STAMP}) "
            "ON CONFLICT (slot) DO UPDATE SET stamp = excluded.stamp; END"
            if sqlite
            else f"{start}FOR EACH STATEMENT EXECUTE FUNCTION stamp_register()"
        )


def downgrade() -> None:
    op.drop_table(TABLE)
