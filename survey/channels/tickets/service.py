"""Tickets: made in batches, each good for one answer.

The response's id is looked up before the ticket, so that sending the same form again is thanked; only a new visit
sees that the code was used, and only once it sends a complete answer: neither opening the page nor sending half a form
tells whoever has the list of codes which were used. To learn it they would have to use up those that were not.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy.orm import Session

from survey.channels.tickets.queries import TicketRow, claim, fetch_service_id, fetch_ticket, insert_tickets
from survey.channels.web.counters import THE_COMMONEST, FormChoice, NoForm, OpenCounter, find_counter
from survey.foundation.caching.register import under_register
from survey.foundation.changes import audit
from survey.foundation.clock import local_day, now, start_of_day, today
from survey.foundation.identifiers import readable_code, typed_code
from survey.foundation.security.codes import note_unknown_code, possible_digests, refuse_who_guesses, stored_digest
from survey.foundation.security.keyed import keyed_digest, keyed_digests
from survey.foundation.storage.database import db, writing
from survey.responses.counting import count_answers
from survey.responses.ingest import Receipt, Submission, store

LENGTH = 13  # 64 bits: guessing one of a million outstanding codes takes some 10^13 tries
PRINTED_BEFORE = 12  # symbols of codes made before 0.2
LONGEST = dt.timedelta(days=400)
GOOD_FOR = dt.timedelta(days=90)
PURPOSE = "ticket"
MOST = 2000  # codes of one batch made at the desk


class TicketUsed(Exception):
    """Another answer has used the ticket."""


def normal(code: str) -> str:
    """A code as typed by hand, in its normal form; '' if it can be none."""
    return typed_code(code, LENGTH) or typed_code(code, PRINTED_BEFORE)


def find_ticket(code: str) -> TicketRow | None:
    """The ticket of a code as printed or typed.

    Raises:
        TooManyRequests: too many unknown codes came from the same network.
    """
    refuse_who_guesses()
    plain = normal(code)
    ticket_row = fetch_ticket(db.session(), possible_digests(PURPOSE, plain)) if plain else None
    if ticket_row is None:
        note_unknown_code()
    return ticket_row


def has_brought(ticket: TicketRow, response_id: uuid.UUID) -> bool:
    """Whether this answer is the one that the ticket was used for."""
    return ticket.used_mark in keyed_digests("ticket use", f"{ticket.id}:{response_id}")


def over(ticket: TicketRow) -> Literal["voided", "expired"] | None:
    """Why a ticket brings no answer any more, whether it was used or not; None while it may."""
    if ticket.voided_at is not None:
        return "voided"
    return "expired" if ticket.expires_at <= now() else None


def counter_of(ticket: TicketRow, chosen: FormChoice = THE_COMMONEST) -> OpenCounter | NoForm:
    """What the ticket's visitor rates: its counter, narrowed to the ticket's service where it names one.

    `chosen`: which form the visitor wants, where the ticket leaves it open, or was shown already.
    """
    wanted = chosen if ticket.service is None else FormChoice(ticket.sector, service=ticket.service, shown=chosen.shown)
    open_counter = under_register(lambda register: find_counter(register, ticket.counter, wanted))
    if isinstance(open_counter, NoForm) or ticket.service is None:
        return open_counter
    own = tuple(service for service in open_counter.services if service.code == ticket.service)
    return replace(open_counter, services=own, forms=()) if own else open_counter


def receive_with(ticket_id: int, submission: Submission) -> Receipt:
    """Hand an answer to the door and use the ticket, in one transaction.

    Raises:
        TicketUsed: another answer was faster; nothing was stored.
    """
    with writing() as session:
        (receipt,) = store(session, [submission])
        mark = keyed_digest("ticket use", f"{ticket_id}:{submission.id}")
        if receipt.status == "stored" and not claim(session, ticket_id, mark):
            raise TicketUsed
    count_answers([submission], [receipt])
    return receipt


def make_tickets(
    counter_id: int,
    counter: str,
    province_id: int,
    service: str,
    count: int,
    expires_at: dt.datetime | None = None,
    keep: Callable[[list[str]], None] = lambda _codes: None,
    by: str = "",
) -> list[str]:
    """Make a batch for a counter (the caller has asked for the permission); the codes, which are stored nowhere.

    They are good until `expires_at`, by default for 90 days. `keep` writes them down before they are made good: if it
    fails, there are none. `by`: the software that asked with an access key.
    """
    until = expires_at or now() + GOOD_FOR
    with writing() as session:
        codes = issue(session, counter_id, counter, province_id, service, count, until, by)
        keep(codes)
    return codes


def issue(
    session: Session,
    counter_id: int,
    counter: str,
    province_id: int,
    service: str,
    count: int,
    until: dt.datetime,
    by: str = "",
) -> list[str]:
    """Store and trace a batch inside the caller's transaction; its codes."""
    codes = sorted({readable_code(LENGTH) for _number in range(count)})
    insert_tickets(session, _rows(session, codes, counter_id, service, until))
    ends_on = local_day(until - dt.timedelta(seconds=1)).isoformat()
    after = {"counter": counter, "service": service, "count": len(codes), "ends_on": ends_on} | software(by)
    audit.record(session, "make_tickets", "counters", counter, province_id=province_id, after=after)
    return codes


def software(name: str) -> dict[str, str]:
    """The software that changed something with an access key, as the log tells it; empty where a person did."""
    return {"software": name} if name else {}


def _rows(
    session: Session, codes: list[str], counter_id: int, service: str, until: dt.datetime
) -> list[dict[str, Any]]:
    service_id = fetch_service_id(session, service) if service else None
    shared = {"counter_id": counter_id, "service_id": service_id, "expires_at": until}
    # Of the making only the day, and in the order of digests: neither hour nor number tells which code a ticket is.
    digests = sorted(stored_digest(PURPOSE, code) for code in codes)
    return [{"code_digest": digest, "made_at": start_of_day(today()), **shared} for digest in digests]
