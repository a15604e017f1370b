"""Staff accounts, their roles with scopes, what waits for a second person, and the append-only audit log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from survey.foundation.storage.database import Base, Instant, Json


class User(Base):
    """Someone who signs in to the desk."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    switched_off_at: Mapped[dt.datetime | None] = mapped_column(Instant)  # two years later the account is emptied
    language: Mapped[str] = mapped_column(String(8), default="vi", server_default="vi")  # of the desk's pages
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())  # somebody else knows it
    password_given_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # who gave the last first password

    grants: Mapped[list[RoleGrant]] = relationship(back_populates="user", cascade="all, delete-orphan")
    country_grants: Mapped[list[CountryGrant]] = relationship(cascade="all, delete-orphan")
    second_factor: Mapped[SecondFactor | None] = relationship(viewonly=True)

    @property
    def is_active(self) -> bool:
        """Flask-Login asks this: a switched-off account cannot sign in."""
        return self.active

    @property
    def is_authenticated(self) -> bool:
        """Flask-Login asks this: the account of a session that is not switched off is signed in."""
        return self.active

    def get_id(self) -> str:
        """The account's number; a session in the browser names no account but a row of `staff_sessions`."""
        return str(self.id)


class StaffSession(Base):
    """Somebody signed in at one browser, until it is ended or too old; its cookie's secret is stored as a digest."""

    __tablename__ = "staff_sessions"
    __table_args__ = {"info": {"transient": True}}  # noqa: RUF012 (as SQLAlchemy wants it; backups leave it out)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    began_at: Mapped[dt.datetime] = mapped_column(Instant)
    seen_at: Mapped[dt.datetime] = mapped_column(Instant)
    browser: Mapped[str] = mapped_column(String(60))  # "Firefox, Windows": nothing that tells two of a kind apart

    user: Mapped[User] = relationship()


class SecondFactor(Base):
    """An authenticator application that an account also signs in with (TOTP, RFC 6238).

    The secret is encrypted under a key that is no part of the database; a code of a step up to `last_step` (30 s each
    since 1970) was used or is too old.
    """

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    sealed_secret: Mapped[str] = mapped_column(String(400))
    last_step: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[dt.datetime] = mapped_column(Instant)


class RecoveryCode(Base):
    """A code that stands in for the authenticator application once, as a keyed digest; gone when it was used."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_digest: Mapped[str] = mapped_column(String(64))


class SecurityKey(Base):
    """A key that an account may also sign in with (WebAuthn): its public key, for pages opened by `host` alone."""

    __tablename__ = "security_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    host: Mapped[str] = mapped_column(String(255))
    credential: Mapped[bytes] = mapped_column(LargeBinary)
    since: Mapped[dt.datetime] = mapped_column(Instant)


class RoleGrant(Base):
    """A role within a scope: a province, maybe one sector, maybe one agency with all below it."""

    __tablename__ = "role_grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    sector: Mapped[str | None] = mapped_column(String(20))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))

    user: Mapped[User] = relationship(back_populates="grants")


class CountryGrant(Base):
    """A role for the country's figures, of a ministry say; it reaches into no province."""

    __tablename__ = "country_grants"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


WAITING, CONFIRMED, WITHDRAWN = "waiting", "confirmed", "withdrawn"


class Proposal(Base):
    """A change that one person proposed and another must confirm; of one object only one of a kind waits at a time."""

    __tablename__ = "proposals"
    __table_args__ = (
        Index(
            "uq_proposals_waiting",
            "province_id",
            "kind",
            "object_id",
            unique=True,
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(ForeignKey("provinces.id"))
    kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    status: Mapped[str] = mapped_column(String(10), default=WAITING)
    proposed_at: Mapped[dt.datetime] = mapped_column(Instant)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
