"""Questionnaires are data: a key, and immutable numbered versions of a JSON definition."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant, Json


class Questionnaire(Base):
    """A questionnaire; `sector` says whose services it asks about."""

    __tablename__ = "questionnaires"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    sector: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))


class QuestionnaireVersion(Base):
    """One published version; never changed, so that every answer keeps its question."""

    __tablename__ = "questionnaire_versions"
    __table_args__ = (UniqueConstraint("questionnaire_key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    questionnaire_key: Mapped[str] = mapped_column(ForeignKey("questionnaires.key"))
    version: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    published_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class QuestionnaireUse(Base):
    """Where, about what and when a questionnaire is asked instead of its sector's short form; both days count.

    None: everywhere in the province, about every service of the sector, for good. A `wave` has a name and an end.
    """

    __tablename__ = "questionnaire_uses"
    __table_args__ = (Index("ix_questionnaire_uses_province_id", "province_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    questionnaire_key: Mapped[str] = mapped_column(ForeignKey("questionnaires.key"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counters.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    wave: Mapped[str] = mapped_column(String(100), default="")
    since: Mapped[dt.date]
    until: Mapped[dt.date | None]
