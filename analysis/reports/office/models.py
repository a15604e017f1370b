"""Stored: an office's own words in a report, the journal of signed and sent reports, the province's decision."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant


class ReportWords(Base):
    """What an office wrote in place of a draft; `part`: ``shortcomings`` or ``proposals``."""

    __tablename__ = "report_words"
    __table_args__ = (UniqueConstraint("province_id", "recipient", "period", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    recipient: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(24))
    part: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[dt.datetime] = mapped_column(Instant)


class ReportRecord(Base):
    """The journal: a report's number, and the days on which it was signed, sent, and received by Sở Nội vụ."""

    __tablename__ = "report_records"
    __table_args__ = (UniqueConstraint("province_id", "recipient", "period", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    recipient: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(24))
    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(60), default="")
    signed_on: Mapped[dt.date | None]
    sent_on: Mapped[dt.date | None]
    received_on: Mapped[dt.date | None]


class ReportDecision(Base):
    """The province's own decision that its reports rest on since the programme of 2012 ended."""

    __tablename__ = "report_decisions"
    __table_args__ = (UniqueConstraint("province_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    number: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[dt.date]
    issuer: Mapped[str] = mapped_column(String(120))
