"""Opens the cases of those who left words at a kiosk and want a reply.

After the answers are on the disk: the kiosk forgets one only on the server's word, so it sends again what failed here.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kiosk.api.answer_schema import BadAnswer, sent_answer
from survey.feedback.service import open_for_mark


def asked_replies(answers: Sequence[object], results: Sequence[Mapping[str, Any]]) -> dict[uuid.UUID, str]:
    """The marks of codes that came with answers now on disk, by the answer's id."""
    marks: dict[uuid.UUID, str] = {}
    for raw, result in zip(answers, results, strict=True):
        if result["status"] not in ("stored", "duplicate") or not isinstance(raw, dict) or raw.get("reply") is None:
            continue
        try:
            sent = sent_answer(raw)
        except BadAnswer:
            continue  # stored before, in a form that is refused today
        if sent.reply is not None:
            marks[sent.id] = sent.reply
    return marks


def open_replies(session: Session, marks: Mapping[uuid.UUID, str]) -> None:
    """Open the cases inside the caller's transaction."""
    for response_id, mark in marks.items():
        open_for_mark(session, response_id, mark)
