"""Stored answers: one row a response, one narrow row an overall rating, and counts kept in the same transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, Uuid, false, text
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant, Json

FORGOTTEN = ""  # a content hash from before it left out a kiosk's second: nothing is compared with it
NO_SERVICE = 0  # in tallies, whose key cannot hold NULL


class Response(Base):
    """One person's answers about one service use. Anonymous: no name, phone, address, user agent, minute or second.

    `id` is made by the client, so a retry meets the primary key; `content_hash` tells a retry from a clash.
    """

    __tablename__ = "responses"
    __table_args__ = (
        Index("ix_responses_arrivals", "province_id", "month", "agency_id", "received_at"),
        Index("ix_responses_counter_hour", "counter_id", "day", "answered_at"),
        Index(
            "ix_responses_comments",
            "province_id",
            "answered_at",
            "id",
            sqlite_where=text("comment IS NOT NULL"),
            postgresql_where=text("comment IS NOT NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counters.id"))
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("devices.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    sector: Mapped[str] = mapped_column(String(20))
    questionnaire_version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_versions.id"))
    channel: Mapped[str] = mapped_column(String(10))
    respondent_kind: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(10))
    answered_at: Mapped[dt.datetime] = mapped_column(Instant)  # its hour; corrected by the device's measured skew
    device_answered_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # as the device said, if corrected
    date_uncertain: Mapped[bool] = mapped_column(default=False, server_default=false())  # no contact vouches for it
    received_at: Mapped[dt.datetime] = mapped_column(Instant)  # the end of its hour (kept_times.py)
    day: Mapped[dt.date]
    month: Mapped[str] = mapped_column(String(7))
    partial: Mapped[bool] = mapped_column(default=False)  # kept when a kiosk fell idle before "Gửi"
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    comment: Mapped[str | None] = mapped_column(Text)


class Rating(Base):
    """An overall rating (1-5) of one subject, with all that a breakdown needs: analysis scans only this table.

    `procedures_and_service` is stored beside its two parts, as the lower of the two, whenever both were rated:
    it is satisfied exactly when both are (docs/statistics.md, "Estimators").
    """

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("value BETWEEN 1 AND 5", name="value_on_scale"),
        Index(
            "ix_ratings_cells",
            "province_id",
            "subject",
            "month",
            "agency_id",
            "service_id",
            "respondent_kind",
            "counter_id",
            "day",
            "channel",
            "value",
        ),
    )

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(24), primary_key=True)
    province_id: Mapped[int]
    agency_id: Mapped[int]
    service_id: Mapped[int | None]
    counter_id: Mapped[int | None]
    respondent_kind: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(10))
    day: Mapped[dt.date]
    month: Mapped[str] = mapped_column(String(7))
    received_at: Mapped[dt.datetime] = mapped_column(Instant)
    value: Mapped[int] = mapped_column(SmallInteger)
    items_answered: Mapped[int] = mapped_column(SmallInteger, default=0)  # detailed items rated 1-5 by this respondent
    items_satisfied: Mapped[int] = mapped_column(SmallInteger, default=0)  # of them, rated 4 or 5


# What a rating says itself; its other columns are its answer's.
SAID_BY_RATINGS = frozenset({"response_id", "subject", "value", "items_answered", "items_satisfied"})


class AnswerBeyondCapacity(Base):
    """An answer beyond what its counter can serve in an hour: it counts, and its share stands beside every figure."""

    __tablename__ = "answers_beyond_capacity"

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), primary_key=True)


class SearchableComment(Base):
    """A comment without its marks, laid out for searching: by province in the order of time, apart from the wide rows.

    Written with the response. `ratings` is a set of bits: bit 1-5 says that an overall question was rated so.
    """

    __tablename__ = "searchable_comments"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - rows then lie in the order of the key

    province_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answered_at: Mapped[dt.datetime] = mapped_column(Instant, primary_key=True)
    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    sector: Mapped[str] = mapped_column(String(20))
    agency_id: Mapped[int]
    service_id: Mapped[int | None]
    ratings: Mapped[int] = mapped_column(SmallInteger)
    folded: Mapped[str] = mapped_column(Text)


class Tally(Base):
    """How often each value was given to each item: counted in the transaction that stores the answer."""

    __tablename__ = "tallies"

    province_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    agency_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    service_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    count: Mapped[int]


class RatingMark(Base):
    """A random number that changes with every change to an agency's ratings of a subject and month; triggers set it.

    Whoever keeps something computed from these ratings keeps it by this number. No row: never a rating. `latest` is
    not before the last `received_at`.
    """

    __tablename__ = "rating_marks"

    province_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(24), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    agency_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[int] = mapped_column(BigInteger)
    latest: Mapped[dt.datetime] = mapped_column(Instant)


class ErasedAnswer(Base):
    """An answer that was erased by order, as a keyed digest of its id: sent or restored again it stays erased."""

    __tablename__ = "erased_answers"
    __table_args__ = {"info": {"carried": True}}  # noqa: RUF012 (as SQLAlchemy wants it; a restore keeps its rows)

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    erased_at: Mapped[dt.datetime] = mapped_column(Instant)
