"""Paper forms: printed in runs, typed in batches, handed to the door when a batch is checked."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, SmallInteger, String, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant, Json

TYPING, CHECKING, HANDED_IN = "typing", "checking", "handed_in"


class PaperRun(Base):
    """Forms printed together for a counter: their numbers follow from `id` (`numbers.py`), so none exists twice."""

    __tablename__ = "paper_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id"), index=True)
    questionnaire_version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    language: Mapped[str] = mapped_column(String(10))
    count: Mapped[int]
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class PaperBatch(Base):
    """A pile of filled-in forms of one run; `expected`: how many a person counted before typing."""

    __tablename__ = "paper_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("paper_runs.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    answered_on: Mapped[dt.date]
    expected: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    handed_in_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class PaperEntry(Base):
    """One typed form, until its batch is handed in. Its number is unique: no form is typed twice, in whatever batch.

    `differences`: how many answers a second typist read otherwise; None while nobody has looked.
    """

    __tablename__ = "paper_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batches.id"), index=True)
    response_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)  # None: handed in before 0055
    content: Mapped[dict[str, Any] | None] = mapped_column(Json)
    typed_at: Mapped[dt.datetime] = mapped_column(Instant)
    typed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    in_sample: Mapped[bool] = mapped_column(default=False, server_default=false())
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    differences: Mapped[int | None] = mapped_column(SmallInteger)


class PaperNumber(Base):
    """The number of a form that was handed in: all that stays of it, so that it is not typed again.

    No batch, no day, no order: a form counts its citizens' numbers, and nothing may lead from one to an answer.
    """

    __tablename__ = "paper_numbers"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
