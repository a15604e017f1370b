"""Reads accounts."""

from __future__ import annotations

from sqlalchemy import select

from survey.accounts.models import User
from survey.foundation.database import db


def find_user(username: str) -> User | None:
    """The account of a user name (as `normal_username` gives it)."""
    found: User | None = db.session.scalar(select(User).where(User.username == username))
    return found


def fetch_user_id(username: str) -> int | None:
    """The account of a user name (as `normal_username` gives it); None where there is none."""
    found: int | None = db.session.scalar(select(User.id).where(User.username == username))
    return found
