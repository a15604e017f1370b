"""Single-use codes printed on dossier receipts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant


class Ticket(Base):
    """One code of one visit at a counter, maybe for one service; `used_mark` None: not used yet.

    Only a keyed digest of the code is stored: who reads the database can use none. Which answer it brought is stored
    nowhere: the mark is a keyed digest of ticket and answer, by which the same answer sent again is known and thanked.
    """

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
    used_mark: Mapped[str | None] = mapped_column(String(64))
    voided_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class TicketKey(Base):
    """An access key with which the software of an agency makes tickets for its counters and those of all below it.

    Only the key's digest is kept (it has 256 bits). `sector`: whose services alone it is for; None: all. `used_on`: the
    last day it was used.
    """

    __tablename__ = "ticket_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    sector: Mapped[str | None] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    used_on: Mapped[dt.date | None]
