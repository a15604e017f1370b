"""Whom and where: provinces, agencies over time, services, counters, caseloads."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.foundation.storage.database import Base, Instant


class Province(Base):
    """A province under a key that stays. Limits are for one that has ended as an entity; nothing here writes them.

    The provinces merged on 1/7/2025 keep key and row (docs/decisions/0010-provinces-across-the-merger.md).
    """

    __tablename__ = "provinces"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("provinces.id"))


class Agency(Base):
    """An administrative agency or public-service unit; its code is never reused."""

    __tablename__ = "agencies"
    __table_args__ = (Index("ix_agencies_province_id_parent_id", "province_id", "parent_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    kind: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(10))
    area: Mapped[str | None] = mapped_column(String(10))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]  # the last day it existed
    one_stop_since: Mapped[dt.date | None]
    method_defined_on: Mapped[dt.date | None]
    abolished_by: Mapped[str] = mapped_column(String(300), default="", server_default="")  # document; no successor

    province: Mapped[Province] = relationship()
    parent: Mapped[Agency | None] = relationship(remote_side="Agency.id")

    def exists_on(self, day: dt.date) -> bool:
        """Whether the agency existed on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class AgencySuccession(Base):
    """One agency taking over from another: renamed, merged, split; the document that ordered it."""

    __tablename__ = "agency_successions"

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(10))
    effective_on: Mapped[dt.date | None]
    document: Mapped[str | None] = mapped_column(String(300))


class Service(Base):
    """What a citizen came for; its sector belongs to it, wherever it is served."""

    __tablename__ = "services"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    sector: Mapped[str] = mapped_column(String(20))
    field: Mapped[str] = mapped_column(String(120), default="")
    national_code: Mapped[str] = mapped_column(String(40), default="")


counter_services = Table(
    "counter_services",
    Base.metadata,
    Column("counter_id", ForeignKey("counters.id"), primary_key=True),
    Column("service_id", ForeignKey("services.id"), primary_key=True, index=True),
)


class Counter(Base):
    """A place where citizens are served; its code is printed in a QR code and never changes."""

    __tablename__ = "counters"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    closed_on: Mapped[dt.date | None]

    agency: Mapped[Agency] = relationship()
    services: Mapped[list[Service]] = relationship(secondary=counter_services, order_by=Service.name)


class Caseload(Base):
    """Dossiers, visits or pupils of an agency x service x month (x respondent kind; '' where not told apart)."""

    __tablename__ = "caseloads"
    __table_args__ = (
        UniqueConstraint("agency_id", "service_id", "month", "respondent_kind"),
        CheckConstraint("count >= 0", name="count_not_negative"),
        Index("ix_caseloads_month_agency_id", "month", "agency_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    month: Mapped[str] = mapped_column(String(7))
    respondent_kind: Mapped[str] = mapped_column(String(12), default="")
    unit: Mapped[str] = mapped_column(String(10))
    count: Mapped[int]
    overdue: Mapped[int | None]


class CaseloadConfirmation(Base):
    """The method's owner of a sector found an agency's caseloads of a month right: these figures, and no later ones."""

    __tablename__ = "caseload_confirmations"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    sector: Mapped[str] = mapped_column(String(20), primary_key=True)
    figures_hash: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[dt.datetime] = mapped_column(Instant)
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))


class CaseloadMark(Base):
    """A random number that changes with every change to an agency's caseloads of a month: set by triggers alone."""

    __tablename__ = "caseload_marks"

    agency_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    stamp: Mapped[int] = mapped_column(BigInteger)
