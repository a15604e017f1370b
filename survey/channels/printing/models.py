"""A file to print that is being made, or was, until its maker has fetched it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant, Json


class PrintJob(Base):
    """What somebody wants printed (`kind`, `asked`), how far it is, and the file; only its maker reaches it.

    `name`: of the file, None until it is there. `is_broken`: nothing came of it.
    """

    __tablename__ = "print_jobs"
    __table_args__ = ({"info": {"transient": True}},)  # backups leave it out

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    asked: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    stage: Mapped[str] = mapped_column(String(100), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    beat_at: Mapped[dt.datetime] = mapped_column(Instant)
    is_broken: Mapped[bool] = mapped_column(default=False, server_default=false())
    name: Mapped[str | None] = mapped_column(String(100))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # not read to look how far it is
