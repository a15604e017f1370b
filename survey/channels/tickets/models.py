"""Single-use codes printed on dossier receipts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.database import Base, Instant


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
