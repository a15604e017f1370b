"""Reads accounts."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from survey.accounts.models import RoleGrant, User
from survey.foundation.storage.database import db


def find_user(username: str) -> User | None:
    """The account of a user name (as `normal_username` gives it)."""
    user: User | None = db.session.scalar(select(User).where(User.username == username))
    return user


def fetch_user_id(username: str) -> int | None:
    """The account of a user name (as `normal_username` gives it); None where there is none."""
    user: int | None = db.session.scalar(select(User.id).where(User.username == username))
    return user


def fetch_users_named(usernames: Collection[str]) -> dict[str, User]:
    """The accounts of some user names, with their roles."""
    users_by_key: dict[str, User] = {}
    names = sorted(usernames)
    for start in range(0, len(names), 500):
        query = select(User).where(User.username.in_(names[start : start + 500])).options(selectinload(User.grants))
        users_by_key.update({user.username: user for user in db.session.scalars(query)})
    return users_by_key


def is_any_account() -> bool:
    """Whether anybody can sign in at all."""
    return bool(db.session.scalar(select(exists().where(User.id.is_not(None)))))


def count_accounts(province_id: int) -> int:
    """How many accounts in use have a role in the province."""
    query = select(func.count(func.distinct(User.id))).join(User.grants)
    return db.session.scalar(query.where(RoleGrant.province_id == province_id, User.active)) or 0
