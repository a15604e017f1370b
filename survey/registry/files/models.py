"""A file on its way in: kept between the preview and the confirmation, so that nobody has to send it twice."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, LargeBinary, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.database import Base, Instant


class ImportDraft(Base):
    """A file that was uploaded and checked but not yet taken in; only who sent it may go on with it."""

    __tablename__ = "import_drafts"
    __table_args__ = ({"info": {"transient": True}},)  # backups leave it out

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    file: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
