"""What the register says - counters, agencies, services, questionnaires, devices - remembered under its stamp.

The database changes the stamp with every change to the register, whatever made it (migration 0024), and no stamp ever
comes back. So what was read after a stamp is true as long as the stamp stands: a form need not look for more than a
second, and an answer is stored only if its stamp still stands inside its transaction.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Hashable, Mapping, Set
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import BigInteger, Connection, delete, event, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.foundation.storage.database import Base, db
from survey.foundation.this_app import this_app

SECOND = 1.0
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class RegisterChanged(Exception):
    """What was worked out rests on a register that no longer stands; nothing has been stored."""


class RegisterStamp(Base):
    """Random numbers whose sum is the stamp; triggers alone write them."""

    __tablename__ = "register_stamps"
    __table_args__ = {"info": {"transient": True}}  # noqa: RUF012 (as SQLAlchemy wants it; backups leave it out)

    slot: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    stamp: Mapped[int] = mapped_column(BigInteger)


class Register:
    """What has been read of the register under one stamp. What it gives is immutable and may be shared."""

    def __init__(self, stamp: int) -> None:
        self.stamp = stamp
        self._known: dict[str, dict[Any, Any]] = {}

    def several(self, kind: str, keys: Set[K], read: Callable[[Set[K]], Mapping[K, V]]) -> Mapping[K, V]:
        """What is known of a kind, these keys among it; `read` is asked for those not known yet.

        What does not exist is not remembered: whoever guesses codes fills no memory.
        """
        known: dict[K, V] = self._known.setdefault(kind, {})
        missing = keys - known.keys()
        if missing:
            known.update(read(missing))
        return known

    def one(self, kind: str, key: K, read: Callable[[], V | None]) -> V | None:
        """The same for one key."""
        known: dict[K, V] = self._known.setdefault(kind, {})
        value = known.get(key)
        if value is None:
            value = read()
            if value is not None:
                known[key] = value
        return value


@dataclass(frozen=True)
class _Remembered:
    """The register an application knows, when that was looked after last, and the process' commits by then."""

    register: Register
    at: float
    commits: int


def init_register(app: Flask) -> None:
    """Nothing is remembered yet."""
    app.extensions["register"] = None


def known_register(max_age: float | None = None) -> Register:
    """The register as it stood at most `max_age` seconds ago and after all that this process itself has committed."""
    return register_at_hand(this_app(), max_age) or current_register(db.session())


def register_at_hand(app: Flask, max_age: float | None = None) -> Register | None:
    """The same where the database need not be asked for it; `max_age`: a second where nothing else is said."""
    remembered: _Remembered | None = app.extensions["register"]
    if remembered is None or remembered.commits != _commits.count:
        return None
    is_young = time.monotonic() - remembered.at < (SECOND if max_age is None else max_age)
    return remembered.register if is_young else None


def under_register(work: Callable[[Register], V]) -> V:
    """What `work` gives under a register that stands; again, if it raises `RegisterChanged`."""
    register = known_register()
    while True:
        try:
            return work(register)
        except RegisterChanged:
            register = known_register(max_age=0)


def ensure_standing(register: Register) -> None:
    """Before anything is refused: it must not be for what has changed within the last second.

    Raises:
        RegisterChanged: it no longer stands.
    """
    if known_register(max_age=0).stamp != register.stamp:
        raise RegisterChanged


def current_register(session: Session) -> Register:
    """The register as this transaction sees it: one statement, before anything that is then read under the stamp.

    What a transaction that writes sees may be its own and end with it: that is not remembered.
    """
    look = a_look()
    stamp = int(session.scalar(_STAMP) or 0)
    if session.connection().get_execution_options().get("writes"):
        remembered: _Remembered | None = current_app.extensions["register"]
        return remembered.register if remembered and remembered.register.stamp == stamp else Register(stamp)
    return _remember(stamp, *look)


def a_look() -> tuple[float, int]:
    """When one looks at the register: the time, and the process' commits by then."""
    return time.monotonic(), _commits.count


def confirm_register(stamp: int, look: tuple[float, int]) -> None:
    """A transaction that began after this look has found the stamp standing."""
    _remember(stamp, *look)


def new_stamp(connection: Connection) -> None:
    """For whoever replaces the register without its triggers."""
    connection.execute(delete(RegisterStamp))
    connection.execute(insert(RegisterStamp).values(slot=0, stamp=secrets.randbelow(2**48)))


def _remember(stamp: int, at: float, commits: int) -> Register:
    remembered: _Remembered | None = current_app.extensions["register"]
    register = remembered.register if remembered and remembered.register.stamp == stamp else Register(stamp)
    current_app.extensions["register"] = _Remembered(register, at, commits)
    return register


class _Commits:
    """How often this process has committed: what it has just changed, it sees at once."""

    count = 0


_commits = _Commits()
_STAMP = select(func.sum(RegisterStamp.stamp))


@event.listens_for(Session, "after_commit")
def _count_commit(_session: Session) -> None:
    _commits.count += 1
