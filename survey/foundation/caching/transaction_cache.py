"""What one transaction reads again and again is read once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import ParamSpec, TypeVar

from survey.foundation.storage.database import db

P = ParamSpec("P")
T = TypeVar("T")


def is_writing() -> bool:
    """Whether the session is inside `writing()`: what it reads then may never come to be."""
    session = db.session()
    transaction = session.get_transaction()
    known: tuple[object, bool] | None = session.info.get("writes_in")  # a transaction, and whether it writes
    if known is None or transaction is None or known[0] is not transaction:
        writes = bool(session.connection().get_execution_options().get("writes"))
        known = session.info["writes_in"] = (session.get_transaction(), writes)
    return known[1]


def read_whole_provinces() -> None:
    """Tell this session that it will ask about every agency in turn: reading a province once is then quicker."""
    db.session().info["whole_provinces"] = True


def reads_whole_provinces() -> bool:
    """Whether the session was told so."""
    return bool(db.session().info.get("whole_provinces"))


def read_once(fetch: Callable[P, T]) -> Callable[P, T]:
    """Read once in a transaction and give the same afterwards: a page sees one state. Arguments must be hashable."""

    @wraps(fetch)
    def read(*args: P.args, **kwargs: P.kwargs) -> T:
        if is_writing():
            return fetch(*args, **kwargs)
        session = db.session()
        transaction = session.get_transaction()
        if session.info.get("read_in") is not transaction:
            session.info.update(read_in=transaction, read_once={})
        key = (fetch, args, tuple(sorted(kwargs.items())) if kwargs else ())
        read_before: dict[Hashable, T] = session.info["read_once"]
        if key not in read_before:
            read_before[key] = fetch(*args, **kwargs)
        return read_before[key]

    return read
