"""Improvement measures: what is done, by whom, from when, at which agency or service."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.accounts.models import User
from survey.feedback.models import FeedbackCase
from survey.foundation.storage.database import Base, Instant
from survey.registry.models import Agency, Province, Service


class Measure(Base):
    """One measure; `service_id` None: everything the agency does in the sector."""

    __tablename__ = "measures"
    __table_args__ = (Index("ix_measures_province_id_sector", "province_id", "sector"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    sector: Mapped[str] = mapped_column(String(20))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    what: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date | None]  # the last day it was in force; None: it still is
    registered_at: Mapped[dt.datetime] = mapped_column(Instant)
    registered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    province: Mapped[Province] = relationship()
    agency: Mapped[Agency] = relationship()
    service: Mapped[Service | None] = relationship()
    registered_by: Mapped[User | None] = relationship()


class MeasureCase(Base):
    """A case because of which a measure was taken; gone with either."""

    __tablename__ = "measure_cases"

    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[int] = mapped_column(
        ForeignKey("feedback_cases.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    case: Mapped[FeedbackCase] = relationship()
