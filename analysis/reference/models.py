"""Official satisfaction figures that others published: kept with their source, never mixed with our own."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base

COUNTRY = "vn"


class ReferenceFigure(Base):
    """One published value or rank. `province` is a key, also of a province that is no more, or ``vn``.

    `value` is per cent as published ("82.18"), None where only the rank was found; `part_of` names today's province
    of one that was merged into it.
    """

    __tablename__ = "reference_figures"
    __table_args__ = (
        UniqueConstraint("province", "year", "indicator"),
        CheckConstraint("rank >= 1", name="rank_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    part_of: Mapped[str | None] = mapped_column(String(40), index=True)
    year: Mapped[int]
    indicator: Mapped[str] = mapped_column(String(20))
    value: Mapped[str | None] = mapped_column(String(8))
    rank: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(300))
