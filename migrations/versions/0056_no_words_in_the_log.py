"""of answers and published replies the log keeps that they were given: their words could not be erased from it"""

from __future__ import annotations

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

_ACTIONS = "('answer_feedback', 'propose_reply', 'publish_reply', 'withdraw_reply')"
_SQLITE = "json_remove({0}, '$.answer', '$.said')"
_POSTGRESQL = "CASE jsonb_typeof({0}) WHEN 'object' THEN {0} - 'answer' - 'said' ELSE {0} END"
_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'"


def upgrade() -> None:
    """The log's triggers refuse every change, this one too, so they are away meanwhile."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE audit_entries DISABLE TRIGGER USER")
        op.execute(_without_words(_POSTGRESQL))
        op.execute("ALTER TABLE audit_entries ENABLE TRIGGER USER")
        return
    triggers = connection.exec_driver_sql(_TRIGGERS).all()
    for name, _sql in triggers:
        op.execute(f"DROP TRIGGER {name}")
    op.execute(_without_words(_SQLITE))
    for _name, sql in triggers:
        op.execute(sql)


def _without_words(column: str) -> str:
    sides = ", ".join(f"{side} = {column.format(side)}" for side in ("before", "after"))
    return f"UPDATE audit_entries SET {sides} WHERE action IN {_ACTIONS}"


def downgrade() -> None:
    """Nothing brings the words back."""
