"""Closing a period freezes what counts; publishing shows it, as a numbered revision that stays retrievable."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.periods import Period
from survey.foundation.storage.database import Base, Instant, Json


class Closing(Base):
    """One revision of a closed period. Answers received after `closed_at` wait for the next revision."""

    __tablename__ = "closings"
    __table_args__ = (UniqueConstraint("province_id", "period", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    period: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    closed_at: Mapped[dt.datetime] = mapped_column(Instant)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    figures: Mapped[dict[str, Any] | None] = mapped_column(Json)  # what was published, as it was published

    ranking: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)  # as two people decided to publish it

    @property
    def sort_key(self) -> tuple[str, int]:
        """Orders periods by their end; of those that end together the longer counts as later."""
        period = Period.parse(self.period)
        return period.last, len(period.months)
