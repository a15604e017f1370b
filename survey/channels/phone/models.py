"""Lists of dossiers whose people are called, and what became of each call."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant

WAITING, CALL_AGAIN, NO_ANSWER = "waiting", "call_again", "no_answer"
ANSWERED, REFUSED, WRONG_NUMBER = "answered", "refused", "wrong_number"
OUTCOMES = (ANSWERED, REFUSED, NO_ANSWER, WRONG_NUMBER, CALL_AGAIN, WAITING)


class PhoneList(Base):
    """Dossiers of a counter, `drawn` at random of the `listed` in a file; called until the end of `last_day`."""

    __tablename__ = "phone_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id"), index=True)
    questionnaire_version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    language: Mapped[str] = mapped_column(String(10))
    listed: Mapped[int]
    drawn: Mapped[int]
    made_on: Mapped[dt.date]
    last_day: Mapped[dt.date]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class PhoneContact(Base):
    """One dossier to be called about.

    `sealed`: its number and telephone, encrypted, until the call has an end; None from then on. `mark`: a keyed digest
    of the dossier's number, so that it is on one list only; dropped in time. Nothing leads from here to an answer.
    """

    __tablename__ = "phone_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("phone_lists.id"), index=True)
    place: Mapped[int]
    mark: Mapped[str | None] = mapped_column(String(64), unique=True)
    sealed: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(12), default=WAITING)
    calls: Mapped[int] = mapped_column(SmallInteger, default=0)
    not_before: Mapped[dt.datetime | None] = mapped_column(Instant)
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    held_until: Mapped[dt.datetime | None] = mapped_column(Instant)
