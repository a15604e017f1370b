"""what rows from before still told: cases in the order they came, hashes that hold a kiosk's second, SQLite's row order

Cases that citizens opened get numbers by chance and keep the hour, as new ones do; steps and the audit log follow.
A kiosk's content hash covered the second of the answer, which could be tried out: it is forgotten, and an answer with
such an id that comes again is taken for the same one. Nothing of this can be undone.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

BY_CHANCE = 10**9  # numbers of new cases lie below
COUNTED = 10**6  # numbers counted one after the other lie below this; few by chance do
STEPS = "fk_feedback_steps_case_id_feedback_cases"
HOUR = {
    "sqlite": "substr(opened_at, 1, 13) || ':00:00.000000'",
    "postgresql": "date_trunc('hour', opened_at, 'UTC')",
}
# SQLite's own guard of the audit log (migration 0011).
NO_UPDATE = (
    "CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are never changed or removed'); END"
)
UNORDERED = ("responses", "ratings", "answers_beyond_capacity", "queue_file_answers")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.execute(
        f"UPDATE feedback_cases SET opened_at = {HOUR[dialect]} WHERE opened_by_id IS NULL AND response_id IS NOT NULL"
    )
    (_number_on_sqlite if dialect == "sqlite" else _number_on_postgresql)()
    op.execute("UPDATE responses SET content_hash = '' WHERE channel = 'kiosk'")
    if dialect == "sqlite":
        for table in UNORDERED:
            op.execute(f"UPDATE {table} SET rowid = -(random() & 4611686018427387903) - 1")


def _number_on_sqlite() -> None:
    op.execute("DROP TRIGGER audit_entries_no_update")
    _number_by_chance()
    op.execute(NO_UPDATE)


def _number_on_postgresql() -> None:
    op.drop_constraint(STEPS, "feedback_steps", type_="foreignkey")
    op.execute("ALTER TABLE audit_entries DISABLE TRIGGER USER")
    _number_by_chance()
    op.execute("ALTER TABLE audit_entries ENABLE TRIGGER USER")
    op.create_foreign_key(STEPS, "feedback_steps", "feedback_cases", ["case_id"], ["id"])


def _number_by_chance() -> None:
    connection = op.get_bind()
    counted = "opened_by_id IS NULL AND response_id IS NOT NULL AND id < :counted"
    old = connection.scalars(sa.text(f"SELECT id FROM feedback_cases WHERE {counted}"), {"counted": COUNTED}).all()
    new: set[int] = set()
    while len(new) < len(old):
        new.add(COUNTED + secrets.randbelow(BY_CHANCE - COUNTED))
    for before, after in zip(old, new, strict=True):
        numbers = {"before": before, "after": after, "word": str(before), "new_word": str(after)}
        for change in (
            "UPDATE feedback_cases SET id = :after WHERE id = :before",
            "UPDATE feedback_steps SET case_id = :after WHERE case_id = :before",
            "UPDATE audit_entries SET object_id = :new_word WHERE object_type = 'feedback' AND object_id = :word",
        ):
            connection.execute(sa.text(change), numbers)


def downgrade() -> None:
    """Numbers by chance are numbers like any other; what was forgotten stays forgotten."""
