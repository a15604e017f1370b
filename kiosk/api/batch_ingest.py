"""A batch of answers from a kiosk: judged one by one, stored through the door together."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from kiosk.api.answer_schema import BadAnswer
from kiosk.api.answers import Context, hash_of, read_answer, read_id
from kiosk.api.contact import Contact
from kiosk.api.replies import asked_replies, open_replies
from kiosk.device_clock import DeviceClock
from survey.devices.models import Device
from survey.devices.queries import fetch_counters_held
from survey.foundation.caching.register import Register, ensure_standing
from survey.foundation.clock import now
from survey.foundation.storage.database import db, writing
from survey.responses.erasures import erased_among
from survey.responses.ingest import Receipt, Submission, receive_under, store
from survey.responses.models import FORGOTTEN
from survey.responses.queries import fetch_hashes

Result = dict[str, Any]


def take_in(register: Register, device_id: uuid.UUID, answers: Sequence[object], clock: DeviceClock) -> list[Result]:
    """Store what a device sent; committed when this returns.

    Args:
        register: what is known of counters, and of who held them.
        device_id: whose answers these are.
        answers: the answers as sent, at any quality.
        clock: what the device says of its clock.

    Returns:
        One result an answer, in order: `id`, `status` and, where something is wrong, `problem`.

    Raises:
        RegisterChanged: the register no longer stands; nothing was stored.
    """
    received_at = now()
    held = register.one("held", device_id, lambda: tuple(fetch_counters_held(db.session(), device_id)))
    read = _read_all(answers, Context(device_id, held or (), clock, received_at))
    submissions = _readable(read)
    if len(submissions) < len(read):
        ensure_standing(register)
    contact = Contact(device_id, received_at, clock.skew_seconds(received_at))
    is_due = contact.is_due
    receipts = receive_under(register, submissions, received_at=received_at, beside=contact.save if is_due else None)
    if is_due:
        contact.note()
    results = _first_word_stands(db.session, answers, _results(read, receipts))
    if marks := asked_replies(answers, results):
        with writing() as session:
            open_replies(session, marks)
    return results


def context_of(session: Session, device_id: uuid.UUID, clock: DeviceClock, received_at: dt.datetime) -> Context:
    """What a device's answers are judged by."""
    held = tuple(fetch_counters_held(session, device_id))
    return Context(device_id, held, clock, received_at, session.get_one(Device, device_id).revoked_at)


def judge_and_store(session: Session, answers: Sequence[object], context: Context) -> list[Result]:
    """The same inside the caller's transaction, and without the device being heard of: staff bring its answers."""
    read = _read_all(answers, context)
    receipts = store(session, _readable(read), received_at=context.received_at)
    results = _first_word_stands(lambda: session, answers, _results(read, receipts))
    open_replies(session, asked_replies(answers, results))
    return results


def _read_all(answers: Sequence[object], context: Context) -> list[Submission | Result]:
    return [_read(raw, context) for raw in answers]


def _readable(read: Sequence[Submission | Result]) -> list[Submission]:
    return [item for item in read if isinstance(item, Submission)]


def _results(read: Sequence[Submission | Result], receipts: Sequence[Receipt]) -> list[Result]:
    said = iter(receipts)
    return [_result(next(said)) if isinstance(item, Submission) else item for item in read]


def _read(raw: object, context: Context) -> Submission | Result:
    try:
        return read_answer(raw, context)
    except BadAnswer as bad:
        return {"id": _given_id(raw), "status": "invalid", "problem": str(bad)}


def _given_id(raw: object) -> str | None:
    id_ = raw.get("id") if isinstance(raw, dict) else None
    if not isinstance(id_, str):
        return None
    return id_[:100].encode("utf-8", "replace").decode()


def _result(receipt: Receipt) -> Result:
    result = {"id": str(receipt.id), "status": receipt.status}
    return result if receipt.problem is None else {**result, "problem": receipt.problem}


def _first_word_stands(
    session: Callable[[], Session], answers: Sequence[object], results: list[Result]
) -> list[Result]:
    """What was stored once, or erased since, is a duplicate when sent again, even if it would be refused today."""
    refused = {i: uuid.UUID(r["id"]) for i, r in enumerate(results) if r["status"] == "invalid" and _is_id(r["id"])}
    if not refused:
        return results
    known = fetch_hashes(session(), set(refused.values()))
    erased = erased_among(session(), set(refused.values()))
    for position, id_ in refused.items():
        if id_ in erased or (id_ in known and known[id_] in (_hash(answers[position]), FORGOTTEN)):
            results[position] = {"id": results[position]["id"], "status": "duplicate"}
    return results


def _is_id(text: object) -> bool:
    try:
        return bool(read_id({"id": text}))
    except BadAnswer:
        return False


def _hash(raw: object) -> str | None:
    try:
        return hash_of(raw) if isinstance(raw, dict) else None
    except BadAnswer:
        return None
