"""A comment that someone must answer."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.accounts.models import User
from survey.foundation.database import Base, Instant
from survey.registry.models import Agency, Province
from survey.responses.models import Response

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
STATES = (OPEN, ANSWERED, CLOSED)


class FeedbackCase(Base):
    """One case a response. Whoever holds its code may read the answer; nobody is named.

    `opened_by_id` None: the citizen asked for a reply. `rating`: the lowest overall rating beside the comment, 1-5.
    """

    __tablename__ = "feedback_cases"
    __table_args__ = (Index("ix_feedback_cases_province_id_state_due_on", "province_id", "state", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), unique=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    sector: Mapped[str] = mapped_column(String(20))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    due_on: Mapped[dt.date]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    closed_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    response: Mapped[Response] = relationship()
    province: Mapped[Province] = relationship()
    agency: Mapped[Agency] = relationship()
    opened_by: Mapped[User | None] = relationship()

    def is_overdue(self, day: dt.date) -> bool:
        """Whether the promised day has passed without an answer."""
        return self.state == OPEN and self.due_on < day
