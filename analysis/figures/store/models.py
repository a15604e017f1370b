"""What analysis keeps so that it need not read every rating again."""

from __future__ import annotations

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base


class RatingSums(Base):
    """An agency's ratings of one subject in one month, summed: records as `figures.store.aggregates` reads them.

    True as long as `stamp` is the stamp of the month's `RatingMark` and `codebook` the version that says what their
    numbers mean; otherwise the ratings themselves are read.
    """

    __tablename__ = "rating_sums"
    __table_args__ = {"info": {"transient": True}}  # noqa: RUF012 (as SQLAlchemy wants it; backups leave it out)

    province_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(24), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    agency_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[int] = mapped_column(BigInteger)
    codebook: Mapped[str] = mapped_column(String(16))
    sums: Mapped[bytes] = mapped_column(LargeBinary)
