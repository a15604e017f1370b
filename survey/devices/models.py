"""Devices, the counters they held over time, and pairing codes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from survey.foundation.storage.database import Base, Instant, Json


class Device(Base):
    """A kiosk with its own revocable key (only the key's digest is kept) and what it last said of itself.

    `public_key` checks what the device signs; None: it has told none, so no file of it can be taken in.
    `signs_requests`: it has signed one, so from then on its key alone proves nothing.
    """

    __tablename__ = "devices"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    public_key: Mapped[str | None] = mapped_column(String(200))
    signs_requests: Mapped[bool] = mapped_column(default=False, server_default=false())
    paired_at: Mapped[dt.datetime] = mapped_column(Instant)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    last_contact_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    queue_depth: Mapped[int | None]
    oldest_unsent_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    clock_skew_seconds: Mapped[float | None]
    # The staff menu's PIN, as the device checks it without a server: PBKDF2-SHA-256 of salt and PIN, both in hex.
    pin_salt: Mapped[str | None] = mapped_column(String(32))
    pin_hash: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # version, battery, storage, errors


class DeviceAssignment(Base):
    """Which counter a device stood at, from when to when: history stays with the old counter.

    A move opens the new assignment at once and closes the old one when the device says that it has changed over,
    so an answer given in between, by a kiosk that had not heard of the move yet, still counts where it was given.
    """

    __tablename__ = "device_assignments"
    __table_args__ = (Index("ix_device_assignments_device_id_since", "device_id", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("devices.id"))
    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id"), index=True)
    since: Mapped[dt.datetime] = mapped_column(Instant)
    until: Mapped[dt.datetime | None] = mapped_column(Instant)


class PairingCode(Base):
    """A short code that pairs one device with one counter, once, for a while."""

    __tablename__ = "pairing_codes"

    code_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id"))
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("devices.id"))  # set: re-pairs that device
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    used_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    # A device that could keep no answer tried it last: when, and what it lacks (names of texts, with commas between).
    refused_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    refused_for: Mapped[str | None] = mapped_column(String(200))


class QueueFile(Base):
    """A device's unsent answers, carried to the desk as a file and taken in; the same file again is the same row."""

    __tablename__ = "queue_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("devices.id"), index=True)
    content_digest: Mapped[str] = mapped_column(String(64), unique=True)
    taken_at: Mapped[dt.datetime] = mapped_column(Instant)


class QueueFileAnswer(Base):
    """An answer that came by file and not from the device itself: its share stands beside every figure it is in."""

    __tablename__ = "queue_file_answers"

    response_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("responses.id"), primary_key=True)
    queue_file_id: Mapped[int] = mapped_column(ForeignKey("queue_files.id"), index=True)
