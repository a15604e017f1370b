"""What citizens report and someone must answer, and the steps it went."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, Index, SmallInteger, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.accounts.models import User
from survey.feedback.kinds import SERVICE
from survey.foundation.storage.database import Base, Instant
from survey.registry.models import Agency, Province, Service
from survey.responses.models import Response

RECEIVED, CLASSIFIED, ASSIGNED, ANSWERED, CLOSED = "received", "classified", "assigned", "answered", "closed"
WAITING = (RECEIVED, CLASSIFIED, ASSIGNED)


class FeedbackCase(Base):
    """One case a response, or one that a clerk entered (`response_id` None: its words stand in `text`).

    Whoever holds its code may read the answer; nobody is named. `opened_by_id` None: the citizen asked for a reply.
    `rating`: the lowest overall rating beside the comment, 1-5; `shares_rating`: the rated agency may see it.
    `kind` is what the rules proposed until `classified_at`. `holder_id`, `holder_sector`: who is to answer, an agency
    or the Sở of a sector; neither: the level above `agency_id`. `was_late`: an answer came after
    its day. `helped`: the citizen's last verdict. `version` grows
    with each change, so that two clerks do not overwrite each other. What was done once says when: `reopened_at`,
    `reminded_at` (half-way), `overdue_told_at`. `set_apart`: it came as part of a flood, and nobody has let it
    among the others; closed so, it got no answer.
    """

    __tablename__ = "feedback_cases"
    __table_args__ = (Index("ix_feedback_cases_province_id_state_due_on", "province_id", "state", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    response_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("responses.id"), unique=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    sector: Mapped[str] = mapped_column(String(20))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    shares_rating: Mapped[bool] = mapped_column(default=False, server_default=false())
    text: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default=SERVICE, server_default=SERVICE)
    set_apart: Mapped[bool] = mapped_column(default=False, server_default=false())
    classified_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    regulation: Mapped[str | None] = mapped_column(Text)  # which one
    costs: Mapped[str | None] = mapped_column(Text)  # what it costs those it binds
    proposal: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(10))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    holder_sector: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default=RECEIVED)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    due_on: Mapped[dt.date]
    reminded_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    overdue_told_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    was_late: Mapped[bool] = mapped_column(default=False, server_default=false())
    helped: Mapped[bool | None]
    reopened_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    reopened_because: Mapped[str | None] = mapped_column(Text)
    redirected: Mapped[bool] = mapped_column(default=False, server_default=false())
    closed_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    response: Mapped[Response | None] = relationship()
    province: Mapped[Province] = relationship()
    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id])
    holder: Mapped[Agency | None] = relationship(foreign_keys=[holder_id])
    opened_by: Mapped[User | None] = relationship()
    steps: Mapped[list[FeedbackStep]] = relationship(order_by="FeedbackStep.id")

    @property
    def words(self) -> str:
        """What was written or said."""
        return self.text or (self.response.comment if self.response else None) or ""

    @property
    def waits(self) -> bool:
        """Whether it still waits for an answer."""
        return self.state in WAITING

    @property
    def waits_apart(self) -> bool:
        """Whether it waits for a look, as part of a flood."""
        return self.set_apart and self.waits

    def is_overdue(self, day: dt.date) -> bool:
        """Whether the promised day has passed without an answer."""
        return self.waits and self.due_on < day


class FeedbackStep(Base):
    """One step of a case, or a note (`step` "note"): for staff alone, never for the citizen."""

    __tablename__ = "feedback_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("feedback_cases.id"), index=True)
    step: Mapped[str] = mapped_column(String(20))
    at: Mapped[dt.datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # None: the citizen, by the code
    to_agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    to_sector: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)

    by: Mapped[User | None] = relationship()
    to_agency: Mapped[Agency | None] = relationship()


class FeedbackContact(Base):
    """How a citizen may be reached about a case: `sealed` opens with the server's key alone; never in an export."""

    __tablename__ = "feedback_contacts"

    case_id: Mapped[int] = mapped_column(ForeignKey("feedback_cases.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    consented_at: Mapped[dt.datetime] = mapped_column(Instant)  # the hour
    expires_on: Mapped[dt.date]  # the last day it may be used


class FeedbackPublication(Base):
    """A reply for everybody: what was `said`, in a clerk's words, and the `reply`; proposed until `published_on`.

    `agency_id`, `service_id` None: too few answered there in its `month` to be named. `folded`: what is searched.
    """

    __tablename__ = "feedback_publications"

    case_id: Mapped[int] = mapped_column(ForeignKey("feedback_cases.id"), primary_key=True)
    said: Mapped[str] = mapped_column(Text)
    reply: Mapped[str] = mapped_column(Text)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    month: Mapped[str] = mapped_column(String(7))
    folded: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    published_on: Mapped[dt.date | None]

    case: Mapped[FeedbackCase] = relationship()
    agency: Mapped[Agency | None] = relationship()
    service: Mapped[Service | None] = relationship()
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
