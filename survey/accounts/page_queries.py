"""What the pages of users and of the audit log read: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, or_, select
from sqlalchemy.orm import selectinload

from survey.accounts.models import CountryGrant, Proposal, RoleGrant, User
from survey.foundation.changes.audit_entry import AuditEntry
from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.registry.models import Agency, Province


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """Which entries; '' and None mean all. `before` is the id of the last entry already seen."""

    province_id: int
    action: str = ""
    object_type: str = ""
    object_id: str = ""
    username: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    before: int | None = None


@dataclass(frozen=True)
class AuditLine:
    """One entry with who acted: no account for a command; `is_ours`: an account with a role in the province."""

    id: int
    at: dt.datetime
    user_id: int | None
    username: str
    name: str
    is_ours: bool
    action: str
    object_type: str
    object_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def fetch_users(province_id: int) -> list[User]:
    """The accounts that a province knows of, by user name."""
    query = select(User).where(_known_in(province_id)).options(selectinload(User.grants)).order_by(User.username)
    return list(db.session.scalars(query))


def fetch_known_user(user_id: int, province_id: int) -> User | None:
    """One account with its roles, if the province knows of it."""
    query = select(User).where(User.id == user_id, _known_in(province_id)).options(selectinload(User.grants))
    user: User | None = db.session.scalar(query)
    return user


def _known_in(province_id: int) -> ColumnElement[bool]:
    """Whether an account has a role in the province; or none anywhere, and was made or had one here."""
    here = exists().where(RoleGrant.user_id == User.id, RoleGrant.province_id == province_id)
    anywhere = exists().where(RoleGrant.user_id == User.id) | exists().where(CountryGrant.user_id == User.id)
    logged = select(AuditEntry.object_id).where(AuditEntry.object_type == "user", AuditEntry.province_id == province_id)
    return or_(here, ~anywhere & cast(User.id, String).in_(logged))


def fetch_user(user_id: int) -> User | None:
    """One account with its roles."""
    return db.session.get(User, user_id, options=[selectinload(User.grants)])


def fetch_agencies_by_id(ids: set[int]) -> dict[int, Agency]:
    """Agencies by id."""
    return {agency.id: agency for agency in db.session.scalars(select(Agency).where(Agency.id.in_(ids)))}


def fetch_agency_labels(province_id: int, day: dt.date) -> dict[str, str]:
    """What the agencies of a province that are there on a day are called, by code, in the order of their names."""
    there = or_(Agency.valid_to.is_(None), Agency.valid_to >= day)
    rows = db.session.execute(select(Agency.code, Agency.name).where(Agency.province_id == province_id, there))
    ordered = in_order(rows, lambda row: (row.name, row.code))
    return {row.code: f"{row.name} ({row.code})" for row in ordered}


def fetch_province_names(ids: set[int]) -> dict[int, str]:
    """Names of provinces by id."""
    rows = db.session.execute(select(Province.id, Province.name).where(Province.id.in_(ids)))
    return {row.id: row.name for row in rows}


def fetch_audit(wanted: AuditFilter, limit: int | None = None) -> Iterator[AuditLine]:
    """Entries of a province, the newest first: those about it, those about what all provinces share, and those about
    accounts with a role in it. Who acted is named only where they have a role here."""
    here = select(RoleGrant.user_id).where(RoleGrant.province_id == wanted.province_id)
    about_accounts = AuditEntry.object_type == "user"
    ours = select(cast(RoleGrant.user_id, String)).where(RoleGrant.province_id == wanted.province_id)
    is_ours = AuditEntry.user_id.in_(here)
    shared = AuditEntry.province_id.is_(None) & (~about_accounts | AuditEntry.object_id.in_(ours) | is_ours)
    query = (
        select(AuditEntry, User.username, User.name, is_ours)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(or_(AuditEntry.province_id == wanted.province_id, shared), *_conditions(wanted))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if limit is None:  # a whole log is streamed; a page may be left half read, and a stream must not be
        query = query.execution_options(yield_per=500)
    for e, username, name, here_too in db.session.execute(query):
        yield AuditLine(
            e.id,
            e.at,
            e.user_id,
            username or "",
            name or "",
            bool(here_too),
            e.action,
            e.object_type,
            e.object_id,
            e.before,
            e.after,
        )


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.action:
        yield AuditEntry.action == wanted.action
    if wanted.object_type:
        yield AuditEntry.object_type == wanted.object_type
    if wanted.object_id:
        yield AuditEntry.object_id == wanted.object_id
    if wanted.username:
        yield User.username == wanted.username
    if wanted.since is not None:
        yield AuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield AuditEntry.at < wanted.until
    if wanted.before is not None:
        yield AuditEntry.id < wanted.before


def fetch_user_names(ids: Collection[str]) -> dict[str, str]:
    """Names of accounts by their number as text."""
    known = [int(id_) for id_ in ids if id_.isdigit()]
    rows = db.session.execute(select(User.id, User.name, User.username).where(User.id.in_(known)))
    return {str(id_): f"{name} ({username})" for id_, name, username in rows}


def fetch_proposal_names(ids: Collection[str]) -> dict[str, str]:
    """What proposals are about, by their number as text."""
    known = [int(id_) for id_ in ids if id_.isdigit()]
    rows = db.session.execute(select(Proposal.id, Proposal.object_id).where(Proposal.id.in_(known)))
    return {str(id_): object_id for id_, object_id in rows}
