"""the document of a target with its number and short name in columns of their own"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("targets") as batch:
        batch.add_column(sa.Column("document_number", sa.String(length=60), nullable=False, server_default=""))
        batch.add_column(sa.Column("document_short", sa.String(length=300), nullable=False, server_default=""))
    targets = sa.table(
        "targets", *(sa.column(name) for name in ("id", "document", "document_number", "document_short"))
    )
    connection = op.get_bind()
    for id_, document in connection.execute(sa.select(targets.c.id, targets.c.document)).all():
        # As reports cut them out of the document until now, so that no report made before reads otherwise.
        short = document.split(" (")[0]
        number = short.removeprefix("Quyết định số ").split(" ngày")[0]
        named = {"document_short": short if short != document else ""}
        numbered = {"document_number": number if number != short and len(number) <= 60 else ""}
        connection.execute(sa.update(targets).where(targets.c.id == id_).values(named | numbered))


def downgrade() -> None:
    with op.batch_alter_table("targets") as batch:
        batch.drop_column("document_short")
        batch.drop_column("document_number")
