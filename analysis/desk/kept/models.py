"""Selections by the name that their owner gave them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base

LONGEST_NAME, LONGEST_ADDRESS = 60, 1000


class KeptSelection(Base):
    """One selection: the address of its page, without the language."""

    __tablename__ = "kept_selections"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), primary_key=True)
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
