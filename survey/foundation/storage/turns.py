"""Who writes one after the other, and whether a request has written: asked inside the transactions of `writing()`."""

from __future__ import annotations

from typing import Any

from flask import g, has_request_context, request
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session


def is_of_the_desk() -> bool:
    """Whether a form of the desk is being taken in: two of them at once are taken in one after the other.

    What a view looks up inside its transaction so still holds when it writes. Citizens and kiosks wait for nobody.
    """
    return has_request_context() and request.method == "POST" and f"{request.path}/".startswith("/desk/")


def note_commit() -> None:
    """The present request has stored something: it must not be begun again."""
    if has_request_context():
        g.has_stored = True


def take_turn(session: Session, work: str) -> None:
    """Wait until no other transaction that writes is at this `work`; others wait until this transaction ends.

    Two servers whose timers fire at once so do the same work one after the other, and the second finds it done. In
    SQLite the only writer is alone anyway.
    """
    if session.connection().dialect.name == "postgresql":
        session.execute(turn(work))


def turn(work: str) -> Select[Any]:
    """The question that PostgreSQL answers once it is one's turn, until the transaction ends."""
    return select(func.pg_advisory_xact_lock(func.hashtextextended(work, 0)))
