"""Stored editions of methods."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant, Json

DRAFT = 0  # the number of what is not published yet


class MethodEdition(Base):
    """The method of a sector as its owner makes it known; `number` 0 is the draft, and there is one.

    `content`: the sections as published, word for word, for ever (a draft's are what is in force when one looks).
    In force from `since` until the next one's, or until `retired_on`.
    """

    __tablename__ = "method_editions"
    __table_args__ = (UniqueConstraint("province_id", "sector", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    sector: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    decision: Mapped[str] = mapped_column(String(160))
    since: Mapped[dt.date]
    own_words: Mapped[str] = mapped_column(Text)
    content: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    published_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    retired_on: Mapped[dt.date | None]
    retired_because: Mapped[str] = mapped_column(Text)

    def is_in_force(self, day: dt.date) -> bool:
        """Whether it is the owner's word on a day, unless a later one is."""
        begun = self.number != DRAFT and self.since <= day
        return begun and (self.retired_on is None or self.retired_on > day)
