"""Single-use codes printed on dossier receipts."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.database import Base, Instant


class Ticket(Base):
    """One code of one visit at a counter, maybe for one service; `response_id` None: not used yet.

    Only the digest of the code is stored: who reads the database can use none.
    """

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    response_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("responses.id"), unique=True)
