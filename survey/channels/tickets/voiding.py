"""Voiding tickets: the codes of slips that were lost, stolen or misprinted bring no answer any more.

A used ticket is voided like any other, and its answer stays: a page that looked different would tell who has the list
of codes which of them brought an answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from survey.channels.tickets.queries import HeldTicket, fetch_held, void
from survey.channels.tickets.service import PURPOSE, normal, software
from survey.foundation.batched import batched
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.security.codes import possible_digests
from survey.foundation.storage.database import writing
from survey.questionnaires.counter_services import offers_at

AT_ONCE = 200  # codes a statement: each may be stored as several digests


class UnknownCodes(ValueError):
    """Codes that are none of ours; `places` are their positions in what was given, from 0. Nothing was voided."""

    def __init__(self, places: Sequence[int]) -> None:
        super().__init__(f"{len(places)} unknown codes")
        self.places = tuple(places)


class Voided(NamedTuple):
    """How many tickets were voided now, and how many had been before."""

    now: int
    before: int


def void_tickets(
    codes: Sequence[str],
    counter_id: int | None = None,
    *,
    agencies: frozenset[int] | None = None,
    sectors: frozenset[str] | None = None,
    by: str = "",
) -> Voided:
    """Void the tickets of these codes (of one counter, some agencies or some sectors, where given), all or none.

    The log gets one entry for each counter; `by`: the software that asked with an access key.

    Raises:
        UnknownCodes: some are no codes of tickets, or of another counter's, agency's or sector's.
    """
    with writing() as session:
        held = _held(session, [normal(code) for code in codes], counter_id, agencies, sectors)
        unknown = [place for place, ticket in enumerate(held) if ticket is None]
        if unknown:
            raise UnknownCodes(unknown)
        tickets = {ticket.id: ticket for ticket in held if ticket is not None}
        still_good = {number: ticket for number, ticket in tickets.items() if ticket.voided_at is None}
        for part in batched(still_good, AT_ONCE):
            void(session, part, now())
        counters = Counter((ticket.province_id, ticket.counter) for ticket in still_good.values())
        for (province_id, counter), count in sorted(counters.items()):
            after = {"counter": counter, "count": count} | software(by)
            audit.record(session, "void_tickets", "counters", counter, province_id=province_id, after=after)
    return Voided(len(still_good), len(tickets) - len(still_good))


def _held(
    session: Session,
    codes: Sequence[str],
    counter_id: int | None,
    agencies: frozenset[int] | None,
    sectors: frozenset[str] | None,
) -> list[HeldTicket | None]:
    digests = [possible_digests(PURPOSE, code) if code else [] for code in codes]
    stored = [
        ticket
        for part in batched(digests, AT_ONCE)
        for ticket in fetch_held(session, [digest for possible in part for digest in possible], counter_id)
        if agencies is None or ticket.place.agency_id in agencies
    ]
    if sectors is not None:
        offers = offers_at(session, {ticket.place for ticket in stored if ticket.sector is None})
        stored = [
            ticket
            for ticket in stored
            if sectors >= ({ticket.sector} if ticket.sector else set(offers[ticket.place.counter_id].sectors))
        ]
    held = {ticket.code_digest: ticket for ticket in stored}
    return [next((held[digest] for digest in possible if digest in held), None) for possible in digests]
