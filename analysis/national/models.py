"""What a country's archives said of a period, kept so that a page need not ask them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant, Json


class CountryEdition(Base):
    """One revision of a period; `stamp` is the state of the archives behind it. What is published never changes."""

    __tablename__ = "country_editions"
    __table_args__ = (UniqueConstraint("period", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    stamp: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    published_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
