"""Counts of attempts, shared by all processes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant


class Attempts(Base):
    """How often something was tried. `key` is a keyed digest: no address and no name can be read from it."""

    __tablename__ = "attempts"
    __table_args__ = {"info": {"transient": True}}  # noqa: RUF012 (as SQLAlchemy wants it; backups leave it out)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
