"""Signals: answers that give reason to look closer. Each is a task with evidence, explained and closed by people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.accounts.models import User
from survey.foundation.storage.database import Base, Instant, Json
from survey.registry.models import Agency, Counter, Province

OPEN, EXPLAINED, CLOSED = "open", "explained", "closed"


class Signal(Base):
    """One task. `about` names the evidence (unit and day or month): the same evidence opens one task once.

    `evidence` holds the numbers the detector saw and, where answers look stuffed, the ids of those answers.
    """

    __tablename__ = "signals"
    __table_args__ = (
        UniqueConstraint("province_id", "kind", "about"),
        Index("ix_signals_province_id_month", "province_id", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    kind: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(120))
    month: Mapped[str] = mapped_column(String(7))
    sector: Mapped[str] = mapped_column(String(20))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counters.id"))
    evidence: Mapped[dict[str, Any]] = mapped_column(Json)
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    status: Mapped[str] = mapped_column(String(10), default=OPEN)  # OPEN -> EXPLAINED -> CLOSED
    explanation: Mapped[str] = mapped_column(Text, default="")
    explained_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    explained_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    outcome: Mapped[str | None] = mapped_column(String(12))
    closed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    province: Mapped[Province] = relationship()
    agency: Mapped[Agency] = relationship()
    counter: Mapped[Counter | None] = relationship()
    explained_by: Mapped[User | None] = relationship(foreign_keys=[explained_by_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])
