"""Stored reports: the archive (only ever added to), who receives what, what is due and how its delivery went."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant


class ArchivedReport(Base):
    """A PDF as it was made. Rows are never changed or deleted: the database refuses (see the migration)."""

    __tablename__ = "archived_reports"
    __table_args__ = (
        UniqueConstraint("sha256"),
        Index("ix_archived_reports_province_id_made_at", "province_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    recipient: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(24))
    cut_off: Mapped[dt.date]
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # None: the schedule


class ReportSubscription(Base):
    """An office's address that receives the reports of one recipient when they are due."""

    __tablename__ = "report_subscriptions"
    __table_args__ = (UniqueConstraint("province_id", "recipient", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    recipient: Mapped[str] = mapped_column(String(40))
    email: Mapped[str] = mapped_column(String(200))
    since: Mapped[dt.date]  # reports due earlier are not made up for


class DueReport(Base):
    """A report of the calendar; `kind` as in `analysis.reports.kinds.KINDS`.

    `status`: waiting, making, made or failed (given up).
    """

    __tablename__ = "due_reports"
    __table_args__ = (
        UniqueConstraint("province_id", "recipient", "period", "kind"),
        Index("ix_due_reports_status_make_on", "status", "make_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    recipient: Mapped[str] = mapped_column(String(40))
    period: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(12), default="satisfaction", server_default="satisfaction")
    cut_off: Mapped[dt.date]
    make_on: Mapped[dt.date]
    last_day: Mapped[dt.date]
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    claimed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[dt.datetime] = mapped_column(Instant)
    problem: Mapped[str] = mapped_column(Text, default="")
    archived_id: Mapped[int | None] = mapped_column(ForeignKey("archived_reports.id"))


class ReportDelivery(Base):
    """One message to one address about a due report: the announcement of its deadline, or the report itself.

    `status`: waiting, sending, sent or failed (given up).
    """

    __tablename__ = "report_deliveries"
    __table_args__ = (
        UniqueConstraint("due_report_id", "kind", "email"),
        Index("ix_report_deliveries_status_next_attempt_at", "status", "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    due_report_id: Mapped[int] = mapped_column(ForeignKey("due_reports.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))  # announcement | report
    email: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    claimed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[dt.datetime] = mapped_column(Instant)
    problem: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant)
