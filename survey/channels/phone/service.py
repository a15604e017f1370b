"""From a file of dossiers to stored answers: draw, call, note what came of it, and erase whom was called.

Number and telephone lie encrypted until the call has an end; the answer goes to the one door in the same transaction.
A dossier is on one list only, so one answer comes of it.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.channels.phone.contact_file import Contact
from survey.channels.phone.models import (
    ANSWERED,
    CALL_AGAIN,
    NO_ANSWER,
    REFUSED,
    WRONG_NUMBER,
    PhoneContact,
    PhoneList,
)
from survey.channels.phone.queries import (
    ListRow,
    count_open,
    erase_contacts,
    fetch_known_marks,
    insert_contacts,
    next_to_call,
)
from survey.foundation.changes import audit
from survey.foundation.clock import now, today
from survey.foundation.identifiers import new_id
from survey.foundation.security.keyed import keyed_digest, keyed_digests
from survey.foundation.security.sealed import seal, unseal
from survey.foundation.storage.database import locked, writing
from survey.responses.counting import count_answers
from survey.responses.ingest import Submission, store

PURPOSE = "phone contact"
HELD_FOR = dt.timedelta(minutes=30)
MOST_CALLS = 5  # to one number; then it counts as not reached
LATER: Mapping[str, dt.timedelta] = {
    "no_answer": dt.timedelta(hours=3),
    "call_again": dt.timedelta(hours=2),
    "call_tomorrow": dt.timedelta(hours=20),
}
ENDS = (REFUSED, WRONG_NUMBER)


class Refused(ValueError):
    """It cannot be done; the message says why and how to mend it."""


class Wanted(NamedTuple):
    """What a list is for; `service`: (id, code) or None; `about`: province_id, counter and questionnaire of the log."""

    counter_id: int
    version_id: int
    service_id: int | None
    language: str
    last_day: dt.date
    about: Mapping[str, Any]


class Made(NamedTuple):
    """A new list, and how many of its file's dossiers were on a list before."""

    list_id: int
    drawn: int
    known: int


def make_list(wanted: Wanted, contacts: list[Contact], draw: int | None, user_id: int) -> Made:
    """Draw whom to call at random; the rest is kept nowhere.

    Raises:
        Refused: every dossier was on a list before.
    """
    province_id = wanted.about["province_id"]
    with writing() as session:
        new = _not_called_before(session, province_id, contacts)
        if not new:
            raise Refused(_("Mọi hồ sơ trong tệp đã có trong một danh sách trước: mỗi hồ sơ chỉ được gọi một lần."))
        chosen = random.SystemRandom().sample(new, min(draw or len(new), len(new)))
        made = PhoneList(
            counter_id=wanted.counter_id,
            questionnaire_version_id=wanted.version_id,
            service_id=wanted.service_id,
            language=wanted.language,
            listed=len(new),
            drawn=len(chosen),
            made_on=today(),
            last_day=wanted.last_day,
            made_by_id=user_id,
        )
        session.add(made)
        session.flush()
        sealed = [(_mark(province_id, contact), seal(PURPOSE, json.dumps(contact))) for contact in chosen]
        insert_contacts(session, sealed, made.id)
        after = {
            "counter": wanted.about["counter"],
            "questionnaire": wanted.about["questionnaire"],
            "count": len(chosen),
            "ends_on": wanted.last_day.isoformat(),
        }
        place = wanted.about["counter"]
        audit.record(session, "make_phone_list", "counters", place, province_id=province_id, after=after)
        return Made(made.id, len(chosen), len(contacts) - len(new))


def take_next(row: ListRow, user_id: int) -> int | None:
    """Take whom to call next, so that nobody else calls them meanwhile; None where nobody is due."""
    with writing() as session:
        if row.list.last_day < today():
            return None
        contact = next_to_call(session, row.list.id, user_id, now())
        if contact is None:
            return None
        contact.held_by_id, contact.held_until = user_id, now() + HELD_FOR
        return contact.id


def whom(contact: PhoneContact, user_id: int) -> Contact | None:
    """Dossier and telephone of a contact, for whoever holds it."""
    if contact.sealed is None or contact.held_by_id != user_id:
        return None
    text = unseal(PURPOSE, contact.sealed)
    return Contact(*json.loads(text)) if text else None


def note_outcome(contact_id: int, outcome: str, user_id: int) -> None:
    """Note that a call brought no answer; what ends a contact erases it.

    Raises:
        Refused: the call has an end already, or somebody else holds it.
    """
    with writing() as session:
        contact = _held(session, contact_id, user_id)
        contact.calls += 1
        if outcome in ENDS or contact.calls >= MOST_CALLS:
            _end(contact, outcome if outcome in ENDS else NO_ANSWER)
            return
        contact.outcome = NO_ANSWER if outcome == NO_ANSWER else CALL_AGAIN
        contact.not_before = now() + LATER[outcome]
        contact.held_by_id = contact.held_until = None


def take_answer(row: ListRow, contact_id: int, content: Mapping[str, Any], user_id: int) -> None:
    """Bring an interview's answers to the door and erase whom was called, in one transaction.

    Raises:
        Refused: the call has an end already, somebody else holds it, or the door refuses the answers.
    """
    with writing() as session:
        contact = _held(session, contact_id, user_id)
        submission = _submission(row, content)
        (receipt,) = store(session, [submission])
        if receipt.status != "stored":
            raise Refused(receipt.problem or receipt.status)
        contact.calls += 1
        _end(contact, ANSWERED)
    count_answers([submission], [receipt])


def close_list(row: ListRow) -> int:
    """End the calls of a list before its last day: whoever was not reached is erased; how many."""
    with writing() as session:
        if not count_open(session, row.list.id):
            return 0
        erased = erase_contacts(session, [row.list.id])
        after = {"counter": row.counter, "count": erased}
        audit.record(session, "close_phone_list", "counters", row.counter, province_id=row.province_id, after=after)
        return erased


def _not_called_before(session: Session, province_id: int, contacts: list[Contact]) -> list[Contact]:
    marks = {
        mark: contact for contact in contacts for mark in keyed_digests(PURPOSE, _named(province_id, contact.dossier))
    }
    known = {marks[mark] for mark in fetch_known_marks(session, marks.keys())}
    return [contact for contact in contacts if contact not in known]


def _mark(province_id: int, contact: Contact) -> str:
    return keyed_digest(PURPOSE, _named(province_id, contact.dossier))


def _named(province_id: int, dossier: str) -> str:
    return f"{province_id} {dossier.casefold()}"


def _held(session: Session, contact_id: int, user_id: int) -> PhoneContact:
    contact = locked(session, PhoneContact, contact_id)
    if contact.sealed is None:
        raise Refused(_("Cuộc gọi này đã có kết quả."))
    if contact.held_by_id != user_id:
        raise Refused(_("Số này đã chuyển cho người khác gọi."))
    return contact


def _end(contact: PhoneContact, outcome: str) -> None:
    contact.outcome = outcome
    contact.sealed = contact.held_by_id = contact.held_until = contact.not_before = None


def _submission(row: ListRow, content: Mapping[str, Any]) -> Submission:
    return Submission(
        id=new_id(),
        questionnaire=row.questionnaire,
        version=row.version,
        counter=row.counter,
        service=row.service,
        respondent_kind=content["respondent_kind"],
        language=row.list.language,
        answered_at=now(),
        channel="phone",
        answers=content["answers"],
        comment=content["comment"],
    )
