"""Answers erased by order stay erased: their ids are remembered as keyed marks, and whoever sends one again is thanked.

A mark names nobody and cannot be tried without `SECRET_KEY`. Erasing changes the register's stamp, so an answer that
was judged before it is judged again and does not slip in behind it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection

from sqlalchemy.orm import Session

from survey.foundation.batched import batched
from survey.foundation.caching.register import Register, new_stamp
from survey.foundation.clock import now
from survey.foundation.security.keyed import keyed_digest, keyed_digests
from survey.responses import erasure_queries as queries

PURPOSE = "erased answer"
CASE_PURPOSE = "erased case"
CHUNK = 300  # ids a statement: each may be marked under several keys


def remember_erased(session: Session, ids: Collection[uuid.UUID]) -> None:
    """Mark answers as erased, inside the caller's transaction."""
    at = now()
    for part in batched(ids, CHUNK):
        queries.insert_marks(session, [keyed_digest(PURPOSE, str(id_)) for id_ in part], at)
    new_stamp(session.connection())


def erased_among(session: Session, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of some ids that were erased."""
    if not ids or _any(session) == "none":
        return set()
    erased: set[uuid.UUID] = set()
    for part in batched(ids, CHUNK):
        marks = {mark: id_ for id_ in part for mark in keyed_digests(PURPOSE, str(id_))}
        erased |= {marks[mark] for mark in queries.fetch_marks(session, marks)}
    return erased


def erased_by(register: Register, session: Callable[[], Session], ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """The same where the register remembers whether anything ever was: mostly nothing, and no session is opened."""
    if register.one("erasures", "any", lambda: _any(session())) == "none":
        return set()
    return erased_among(session(), ids)


def stored_though_erased(session: Session) -> list[uuid.UUID]:
    """Answers that are stored and were erased: what a restored backup brings back."""
    if _any(session) == "none":
        return []
    return sorted(erased_among(session, queries.fetch_all_ids(session)))


def remember_erased_case(session: Session, code_digest: str) -> None:
    """Mark a case as erased by the digest of its code, inside the caller's transaction."""
    queries.insert_marks(session, [keyed_digest(CASE_PURPOSE, code_digest)], now())


def erased_cases_among(session: Session, code_digests: Collection[str]) -> set[str]:
    """Those of the digests of codes whose case was erased."""
    if _any(session) == "none":
        return set()
    erased: set[str] = set()
    for part in batched(code_digests, CHUNK):
        marks = {mark: code for code in part for mark in keyed_digests(CASE_PURPOSE, code)}
        erased |= {marks[mark] for mark in queries.fetch_marks(session, marks)}
    return erased


def _any(session: Session) -> str:
    return "some" if queries.is_any_mark(session) else "none"
