"""of when an answer was given and received only the hour is kept, in signals too

Received is the end of its hour; what a closing of that hour already counted is moved to the hour's begin
(survey/responses/kept_times.py). Nothing of this can be undone.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BEGINS = {
    "sqlite": "substr({0}, 1, 13) || ':00:00.000000'",
    "postgresql": "date_trunc('hour', {0}, 'UTC')",
}
ENDS = {
    "sqlite": "substr({0}, 1, 13) || ':59:59.000000'",
    "postgresql": "date_trunc('hour', {0}, 'UTC') + interval '59 minutes 59 seconds'",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    begins, ends = BEGINS[dialect], ENDS[dialect]
    for table in ("responses", "ratings"):
        counted = (
            f"EXISTS (SELECT 1 FROM closings WHERE closings.province_id = {table}.province_id "
            f"AND {table}.received_at < closings.closed_at "
            f"AND {begins.format(f'{table}.received_at')} = {begins.format('closings.closed_at')})"
        )
        op.execute(
            f"UPDATE {table} SET received_at = CASE WHEN {counted} THEN {begins.format('received_at')} "
            f"ELSE {ends.format('received_at')} END"
        )
    op.execute(
        f"UPDATE responses SET answered_at = {begins.format('answered_at')}, "
        f"device_answered_at = {begins.format('device_answered_at')}"
    )
    op.execute(f"UPDATE searchable_comments SET answered_at = {begins.format('answered_at')}")
    op.execute(f"UPDATE rating_marks SET latest = {ends.format('latest')}")
    _keep_hours_of_signals()


def _keep_hours_of_signals() -> None:
    signals = sa.table("signals", sa.column("id", sa.Integer), sa.column("evidence", sa.Text))
    connection = op.get_bind()
    is_json = connection.dialect.name == "postgresql"
    for id_, stored in connection.execute(sa.select(signals.c.id, sa.cast(signals.c.evidence, sa.Text))).all():
        evidence: dict[str, Any] = json.loads(stored)
        for episode in evidence.get("episodes", []):
            for name in ("from", "to"):
                at = dt.datetime.fromisoformat(episode[name]).astimezone(dt.UTC)
                episode[name] = at.replace(minute=0, second=0, microsecond=0).isoformat()
        value = "CAST(:evidence AS JSONB)" if is_json else ":evidence"
        connection.execute(
            sa.text(f"UPDATE signals SET evidence = {value} WHERE id = :id"),
            {"evidence": json.dumps(evidence, ensure_ascii=False), "id": id_},
        )


def downgrade() -> None:
    """The minutes are gone; an hour is an instant like any other."""
