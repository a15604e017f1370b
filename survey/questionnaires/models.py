"""Questionnaires are data: a key, and immutable numbered versions of a JSON definition."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.database import Base, Instant, Json


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
