"""comments in a form and order in which a million of them can be searched"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BATCH = 2000
SHARED = ("province_id", "answered_at", "sector", "agency_id", "service_id")

responses = sa.table(
    "responses",
    sa.column("id", sa.Uuid()),
    sa.column("province_id", sa.Integer()),
    sa.column("answered_at", sa.DateTime(timezone=True)),
    sa.column("sector", sa.String()),
    sa.column("agency_id", sa.Integer()),
    sa.column("service_id", sa.Integer()),
    sa.column("comment", sa.Text()),
)
ratings = sa.table("ratings", sa.column("response_id", sa.Uuid()), sa.column("value", sa.SmallInteger()))


def upgrade() -> None:
    table = op.create_table(
        "searchable_comments",
        sa.Column("province_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("sector", sa.String(length=20), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=True),
        sa.Column("ratings", sa.SmallInteger(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["responses.id"], name=op.f("fk_searchable_comments_response_id_responses")
        ),
        sa.PrimaryKeyConstraint("province_id", "answered_at", "response_id", name=op.f("pk_searchable_comments")),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for batch in _commented(connection):
        bits = _ratings(connection, [row.id for row in batch])
        connection.execute(
            table.insert(),
            [
                {
                    "response_id": row.id,
                    "ratings": bits[row.id],
                    "folded": _fold(row.comment),
                    **{name: getattr(row, name) for name in SHARED},
                }
                for row in batch
            ],
        )


def downgrade() -> None:
    op.drop_table("searchable_comments")


def _commented(connection: sa.Connection) -> Iterator[list[Any]]:
    query = sa.select(responses).where(responses.c.comment.is_not(None)).order_by(responses.c.id).limit(BATCH)
    batch = connection.execute(query).all()
    while batch:
        yield list(batch)
        batch = connection.execute(query.where(responses.c.id > batch[-1].id)).all()


def _ratings(connection: sa.Connection, ids: list[Any]) -> defaultdict[Any, int]:
    bits: defaultdict[Any, int] = defaultdict(int)
    query = sa.select(ratings.c.response_id, ratings.c.value).where(ratings.c.response_id.in_(ids))
    for id_, value in connection.execute(query):
        bits[id_] |= 1 << value
    return bits


def _fold(text: str) -> str:
    # As survey.responses.comments.searchable did when this was written.
    decomposed = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return " ".join("".join(letter for letter in decomposed if not unicodedata.combining(letter)).split())
