"""THE DOOR. Every channel hands its answers to `receive` (or `store`, inside a transaction of its own).

Exactly once: the client makes the id, the primary key enforces it, the content hash tells a retry (`duplicate`,
a success) from a clash (`conflict`, nothing overwritten). Stored and counted in one transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.foundation.clock import now
from survey.foundation.database import writing
from survey.responses import queries
from survey.responses.comments import comment_rows
from survey.responses.counting import count_answers
from survey.responses.lookup import Directory
from survey.responses.submission import Receipt, Submission
from survey.responses.validation import Checked, Refused, check

__all__ = ["Receipt", "Submission", "receive", "store"]


def receive(submissions: Sequence[Submission], *, received_at: dt.datetime | None = None) -> list[Receipt]:
    """Store submissions in one transaction that is committed, durably, before this returns.

    Returns:
        One receipt a submission, in order. One bad answer never blocks the others.
    """
    with writing() as session:
        receipts = store(session, submissions, received_at=received_at)
    count_answers(submissions, receipts)
    return receipts


def store(
    session: Session, submissions: Sequence[Submission], *, received_at: dt.datetime | None = None
) -> list[Receipt]:
    """The same inside the caller's transaction; nothing is committed here."""
    directory = Directory(session, submissions)
    moment = received_at or now()
    judged: list[Checked | Receipt] = [_check(submission, directory, moment) for submission in submissions]
    known, stored = _insert(session, _first_of_each_id(judged))
    queries.insert_ratings(session, [rating for checked in stored for rating in checked.ratings])
    queries.insert_comments(session, comment_rows((checked.response, checked.ratings) for checked in stored))
    queries.add_to_tallies(session, ((checked.response, checked.items) for checked in stored))
    fresh = {id(checked) for checked in stored}
    return [
        item if isinstance(item, Receipt) else _receipt(item, known[item.response["id"]], id(item) in fresh)
        for item in judged
    ]


def _insert(session: Session, first: dict[uuid.UUID, Checked]) -> tuple[dict[uuid.UUID, str], list[Checked]]:
    """Insert what is new: the content hash of every id now there, and what was stored here.

    Another writer may store one of them between the look and the insert; then look again (one fewer is new each time).
    """
    while True:
        known = queries.fetch_hashes(session, first)
        new = [checked for id_, checked in first.items() if id_ not in known]
        if not new or queries.insert_responses(session, [checked.response for checked in new]):
            return known | {c.response["id"]: c.response["content_hash"] for c in new}, new


def _check(submission: Submission, directory: Directory, received_at: dt.datetime) -> Checked | Receipt:
    try:
        return check(submission, directory, received_at)
    except Refused as refusal:
        return Receipt(submission.id, "invalid", str(refusal))


def _first_of_each_id(judged: Sequence[Checked | Receipt]) -> dict[uuid.UUID, Checked]:
    first: dict[uuid.UUID, Checked] = {}
    for item in judged:
        if isinstance(item, Checked):
            first.setdefault(item.response["id"], item)
    return first


def _receipt(checked: Checked, known_hash: str, fresh: bool) -> Receipt:
    response_id = checked.response["id"]
    if fresh:
        return Receipt(response_id, "stored")
    if checked.response["content_hash"] == known_hash:
        return Receipt(response_id, "duplicate")
    return Receipt(response_id, "conflict", _("Đã có một đánh giá khác với cùng mã; bản đầu tiên được giữ nguyên."))
