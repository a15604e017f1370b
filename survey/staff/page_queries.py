"""What the pages of users and of the audit log read: SQL only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import selectinload

from survey.agencies.models import Agency, Province
from survey.foundation.database import db
from survey.staff.models import AuditEntry, RoleGrant, User


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """Which entries; '' and None mean all. `before` is the id of the last entry already seen."""

    province_id: int
    action: str = ""
    username: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    before: int | None = None


@dataclass(frozen=True)
class AuditLine:
    """One entry with the name of who acted; '' for a command."""

    id: int
    at: dt.datetime
    username: str
    action: str
    object_type: str
    object_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def fetch_users(province_id: int) -> list[User]:
    """The accounts with a role in a province, and those with none at all, by user name."""
    here = exists().where(RoleGrant.user_id == User.id, RoleGrant.province_id == province_id)
    anywhere = exists().where(RoleGrant.user_id == User.id)
    query = select(User).where(or_(here, ~anywhere)).options(selectinload(User.grants)).order_by(User.username)
    return list(db.session.scalars(query))


def fetch_user(user_id: int) -> User | None:
    """One account with its roles."""
    return db.session.get(User, user_id, options=[selectinload(User.grants)])


def fetch_agency_names(ids: set[int]) -> dict[int, str]:
    """Names of agencies by id."""
    rows = db.session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids)))
    return {row.id: row.name for row in rows}


def fetch_province_names(ids: set[int]) -> dict[int, str]:
    """Names of provinces by id."""
    rows = db.session.execute(select(Province.id, Province.name).where(Province.id.in_(ids)))
    return {row.id: row.name for row in rows}


def fetch_audit(wanted: AuditFilter, limit: int) -> list[AuditLine]:
    """Entries about a province, and those of no province by its own users, the newest first."""
    staff = exists().where(RoleGrant.user_id == AuditEntry.user_id, RoleGrant.province_id == wanted.province_id)
    about = or_(AuditEntry.province_id == wanted.province_id, AuditEntry.province_id.is_(None) & staff)
    query = select(AuditEntry, User.username).outerjoin(User, User.id == AuditEntry.user_id).where(about)
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.username:
        query = query.where(User.username == wanted.username)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    if wanted.before is not None:
        query = query.where(AuditEntry.id < wanted.before)
    rows = db.session.execute(query.order_by(AuditEntry.id.desc()).limit(limit))
    return [
        AuditLine(e.id, e.at, username or "", e.action, e.object_type, e.object_id, e.before, e.after)
        for e, username in rows
    ]


def fetch_audit_actions() -> list[str]:
    """Every kind of action that was ever recorded."""
    return list(db.session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))
