"""a target says whether answers that do not say their respondent kind count

Until now that was read off its list of kinds: a clause about all there were took them, one about a single kind did not.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

targets = sa.table("targets", sa.column("id"), sa.column("respondent_kinds", sa.Text), sa.column("takes_unknown"))


def upgrade() -> None:
    with op.batch_alter_table("targets") as batch:
        batch.add_column(sa.Column("takes_unknown", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    kinds = sa.cast(targets.c.respondent_kinds, sa.Text)
    every = [id_ for id_, names in connection.execute(sa.select(targets.c.id, kinds)) if len(json.loads(names)) > 1]
    if every:
        connection.execute(sa.update(targets).where(targets.c.id.in_(every)).values(takes_unknown=sa.true()))
    with op.batch_alter_table("targets") as batch:
        batch.alter_column("takes_unknown", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("targets") as batch:
        batch.drop_column("takes_unknown")
