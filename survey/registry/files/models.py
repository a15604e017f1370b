"""A file on its way in, kept until it is confirmed; and what each import changed, kept so that it can be undone."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.database import Base, Instant, Json


class ImportDraft(Base):
    """A file that was uploaded and checked but not yet taken in; only who sent it may go on with it."""

    __tablename__ = "import_drafts"
    __table_args__ = ({"info": {"transient": True}},)  # backups leave it out

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    file: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    given: Mapped[dict[str, str]] = mapped_column(
        Json, default=dict, server_default="{}"
    )  # what the file does not say: see given.py


class ImportRun(Base):
    """One import that changed something. `changes`: the values before and after of each record, packed (undoing.py)."""

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    file: Mapped[str] = mapped_column(String(255))
    at: Mapped[dt.datetime] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    new: Mapped[int]
    changed: Mapped[int]
    changes: Mapped[bytes] = mapped_column(LargeBinary)
    undone_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ImportMapping(Base):
    """Which column each heading of a foreign form of file means, chosen once; `form` is a digest of its header."""

    __tablename__ = "import_mappings"
    __table_args__ = (UniqueConstraint("kind", "form"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    form: Mapped[str] = mapped_column(String(64))
    columns: Mapped[dict[str, str]] = mapped_column(Json)  # heading, as words.plain_words gives it -> column
