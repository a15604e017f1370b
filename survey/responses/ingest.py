"""THE DOOR. Every channel hands its answers to `receive` (or `store`, inside a transaction of its own).

Exactly once: the client makes the id, the primary key enforces it, the content hash tells a retry (`duplicate`,
a success) from a clash (`conflict`, nothing overwritten). Stored and counted in one transaction. What was erased by
order is a `duplicate`, too, and stays erased.

An answer is checked against what is remembered of the register, and stored only if the register's stamp still stands
inside the transaction; otherwise it is checked again.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from survey.foundation.caching.register import (
    Register,
    RegisterChanged,
    a_look,
    confirm_register,
    current_register,
    ensure_standing,
    under_register,
)
from survey.foundation.clock import now
from survey.foundation.storage.database import db, end_reading, writing_without_session
from survey.responses import queries
from survey.responses.counting import count_answers
from survey.responses.erasures import erased_by
from survey.responses.group_commit import GroupCommit
from survey.responses.kept_times import hour_ends
from survey.responses.lookup import Directory
from survey.responses.models import FORGOTTEN
from survey.responses.submission import Receipt, Submission
from survey.responses.validation import Checked, SubmissionRefused, check

__all__ = [
    "Judged",
    "Receipt",
    "Submission",
    "foresee",
    "judge",
    "prepare",
    "receive",
    "receive_under",
    "store",
    "store_judged",
]

GROUP = 1_000  # answers stored by one transaction: what several kiosks sent meanwhile waits for the disk once


class Batch(NamedTuple):
    """Answers that may be stored as long as the register has this stamp, and what is written beside them."""

    stamp: int
    checked: list[Checked]
    beside: Callable[[Connection], None] | None


class Judged(NamedTuple):
    """What became of submissions under the register with this stamp, in order; nothing is stored yet."""

    stamp: int
    outcomes: list[Checked | Receipt]

    @classmethod
    def of(cls, parts: Sequence[Judged]) -> Judged:
        """All that was judged in parts, in a transaction that saw one register."""
        return cls(parts[0].stamp if parts else 0, [outcome for part in parts for outcome in part.outcomes])

    @property
    def checked(self) -> list[Checked]:
        """Those that may be stored."""
        return [outcome for outcome in self.outcomes if isinstance(outcome, Checked)]

    def parts(self, size: int) -> Iterator[Judged]:
        """At most so many at a time."""
        for start in range(0, len(self.outcomes), size):
            yield Judged(self.stamp, self.outcomes[start : start + size])


class Written(NamedTuple):
    """The hash of each id now on disk, and which of the checked answers (by identity) were stored now."""

    known: dict[uuid.UUID, str]
    stored: set[int]

    def settles(self, checked: Iterable[Checked]) -> bool:
        """Whether all of these are on disk; if not, the register has changed since they were checked."""
        return all(answer.response["id"] in self.known for answer in checked)


def init_door(app: Flask) -> None:
    """One line of waiting for the processes' one way to the disk."""
    app.extensions["door"] = GroupCommit(_commit, GROUP)


def receive(submissions: Sequence[Submission], *, received_at: dt.datetime | None = None) -> list[Receipt]:
    """Store submissions in one transaction that is committed, durably, before this returns.

    Returns:
        One receipt a submission, in order. One bad answer never blocks the others.
    """
    return under_register(lambda register: receive_under(register, submissions, received_at=received_at))


def receive_under(
    register: Register,
    submissions: Sequence[Submission],
    *,
    received_at: dt.datetime | None = None,
    beside: Callable[[Connection], None] | None = None,
) -> list[Receipt]:
    """The same for submissions that were made under what is known of the register.

    `beside` writes what its caller has to write anyway into the same transaction: one of its own would wait once more
    for its turn.

    Raises:
        RegisterChanged: it no longer stands; nothing was stored.
    """
    judged = _judge(db.session, register, submissions, received_at or now())
    checked = [outcome for outcome in judged if isinstance(outcome, Checked)]
    if len(checked) < len(judged):
        ensure_standing(register)
    end_reading()  # who waits for the group's one connection holds none: few of them through a pooler were a deadlock
    group: GroupCommit[Batch, Written] = current_app.extensions["door"]
    written = Written({}, set())
    if checked or beside:
        written = group.submit(Batch(register.stamp, checked, beside), len(checked))
    if not written.settles(checked):
        raise RegisterChanged
    receipts = _receipts(judged, written)
    count_answers(submissions, receipts)
    return receipts


def store(
    session: Session, submissions: Sequence[Submission], *, received_at: dt.datetime | None = None
) -> list[Receipt]:
    """The same inside the caller's transaction; nothing is committed here."""
    while True:
        try:
            return store_judged(session, judge(session, submissions, received_at=received_at))
        except RegisterChanged:
            continue


def judge(session: Session, submissions: Sequence[Submission], *, received_at: dt.datetime | None = None) -> Judged:
    """What becomes of submissions, as far as it can be told without storing them: all that takes long."""
    register = current_register(session)
    return Judged(register.stamp, _judge(lambda: session, register, submissions, received_at or now()))


def prepare(session: Session, judged: Judged) -> queries.Rows | None:
    """What can be made of them before SQLite's lock is taken; PostgreSQL makes nobody wait."""
    return _rows(session.get_bind(), judged.checked)


def _rows(database: Engine | Connection, checked: Iterable[Checked]) -> queries.Rows | None:
    return None if database.dialect.name == "postgresql" else queries.rows_of(_first_of_each(checked).values())


def store_judged(session: Session, judged: Judged, rows: queries.Rows | None = None) -> list[Receipt]:
    """Store, inside the caller's transaction, what was judged, and perhaps prepared, before it began.

    Raises:
        RegisterChanged: it was judged by a register that no longer stands; nothing of it was stored.
    """
    checked = judged.checked
    written = _write(session.connection(), judged.stamp, checked, rows)
    if not written.settles(checked):
        raise RegisterChanged
    return _receipts(judged.outcomes, written)


def foresee(session: Session, judged: Judged) -> list[Receipt]:
    """What `store_judged` would answer now, as far as these submissions alone tell; nothing is written."""
    first = _first_of_each(judged.checked)
    stored = queries.fetch_hashes(session, first)
    fresh = {id_: answer for id_, answer in first.items() if id_ not in stored}
    known = stored | {id_: answer.response["content_hash"] for id_, answer in fresh.items()}
    return _receipts(judged.outcomes, Written(known, {id(answer) for answer in fresh.values()}))


def _commit(batches: Sequence[Batch]) -> list[Written]:
    stamps = sorted({batch.stamp for batch in batches})
    group_of = {
        stamp: [answer for batch in batches if batch.stamp == stamp for answer in batch.checked] for stamp in stamps
    }
    rows_of = {stamp: _rows(db.engine, group) for stamp, group in group_of.items()}
    beside = [batch.beside for batch in batches if batch.beside]
    # All of one stamp is one statement on PostgreSQL; what takes several is stored together or not at all.
    look = a_look()
    with writing_without_session(at_once=len(stamps) == 1 and not beside) as connection:
        written = {stamp: _write(connection, stamp, group, rows_of[stamp]) for stamp, group in group_of.items()}
        for write in beside:
            write(connection)
    for stamp, group_written in written.items():
        if group_written.stored:
            confirm_register(stamp, look)
    return [written[batch.stamp] for batch in batches]


def _write(connection: Connection, stamp: int, checked: Sequence[Checked], rows: queries.Rows | None = None) -> Written:
    first = _first_of_each(checked)
    fresh = queries.insert_answers(connection, list(first.values()), stamp, rows)
    stored = [answer for id_, answer in first.items() if id_ in fresh]
    known = {answer.response["id"]: answer.response["content_hash"] for answer in stored}
    known |= queries.fetch_hashes(connection, first.keys() - fresh)
    return Written(known, {id(answer) for answer in stored})


def _first_of_each(checked: Iterable[Checked]) -> dict[uuid.UUID, Checked]:
    first: dict[uuid.UUID, Checked] = {}
    for answer in checked:
        first.setdefault(answer.response["id"], answer)
    return first


def _judge(
    session: Callable[[], Session], register: Register, submissions: Sequence[Submission], received_at: dt.datetime
) -> list[Checked | Receipt]:
    directory = Directory(session, submissions, register)
    erased = erased_by(register, session, {submission.id for submission in submissions})
    kept_as_received = hour_ends(received_at)
    return [
        Receipt(submission.id, "duplicate")
        if submission.id in erased
        else _check(submission, directory, kept_as_received)
        for submission in submissions
    ]


def _check(submission: Submission, directory: Directory, received_at: dt.datetime) -> Checked | Receipt:
    try:
        return check(submission, directory, received_at)
    except SubmissionRefused as refusal:
        return Receipt(submission.id, "invalid", str(refusal))


def _receipts(judged: Sequence[Checked | Receipt], written: Written) -> list[Receipt]:
    return [outcome if isinstance(outcome, Receipt) else _receipt(outcome, written) for outcome in judged]


def _receipt(checked: Checked, written: Written) -> Receipt:
    response_id = checked.response["id"]
    if id(checked) in written.stored:
        return Receipt(response_id, "stored")
    if written.known[response_id] in (checked.response["content_hash"], FORGOTTEN):
        return Receipt(response_id, "duplicate")
    return Receipt(response_id, "conflict", _("Đã có một đánh giá khác với cùng mã; bản đầu tiên được giữ nguyên."))
