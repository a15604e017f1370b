"""A file on its way in, kept until it is confirmed; and what each import changed, kept so that it can be undone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant, Json


class ImportDraft(Base):
    """A file that was uploaded and checked but not yet taken in; only who sent it may go on with it."""

    __tablename__ = "import_drafts"
    __table_args__ = ({"info": {"transient": True}},)  # backups leave it out

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    file: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # not read to look how far the work is
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    given: Mapped[dict[str, str]] = mapped_column(
        Json, default=dict, server_default="{}"
    )  # what the file does not say: see given.py
    # A long file is worked on by a process of its own (registry_pages/imports/jobs.py), which tells here how far it is.
    task: Mapped[str | None] = mapped_column(String(10))
    stage: Mapped[str] = mapped_column(String(100), default="", server_default="")
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int | None]
    beat_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)


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
