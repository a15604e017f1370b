"""Packs of languages and their sounds, in the database: every server has them at once, and backups hold them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant, Json


class LanguagePack(Base):
    """A pack as it was put in last. `texts` and `sounds` (digests) are by their Vietnamese.

    Taken away it keeps its name: answers given in the language are still called by it.
    """

    __tablename__ = "language_packs"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    manifest: Mapped[dict[str, Any]] = mapped_column(Json)
    texts: Mapped[dict[str, str]] = mapped_column(Json)
    sounds: Mapped[dict[str, str]] = mapped_column(Json)
    stamp: Mapped[str] = mapped_column(String(16))
    installed_at: Mapped[dt.datetime] = mapped_column(Instant)
    removed_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class LanguageSound(Base):
    """A recording, by the SHA-256 of its bytes: its address never means another."""

    __tablename__ = "language_sounds"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
