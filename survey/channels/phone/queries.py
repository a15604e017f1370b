"""Lists and contacts as stored: SQL only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, insert, or_, select, update
from sqlalchemy.orm import Session

from survey.channels.paper.queries import AskedAt, asked_at
from survey.channels.phone.models import WAITING, PhoneContact, PhoneList
from survey.registry.models import Agency, Service


@dataclass(frozen=True)
class ListRow(AskedAt):
    """A list of people to call, maybe about one service (its code)."""

    list: PhoneList
    service: str | None


def fetch_list(session: Session, list_id: int) -> ListRow | None:
    """One list."""
    row = session.execute(_lists().where(PhoneList.id == list_id)).first()
    return ListRow(*row) if row else None


def fetch_lists(session: Session, provinces: Collection[int]) -> list[ListRow]:
    """The lists of some provinces, the newest first."""
    query = _lists().where(Agency.province_id.in_(provinces)).order_by(PhoneList.id.desc())
    return [ListRow(*row) for row in session.execute(query)]


def fetch_outcomes(session: Session, list_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """How many contacts of each list have each outcome."""
    query = (
        select(PhoneContact.list_id, PhoneContact.outcome, func.count())
        .where(PhoneContact.list_id.in_(list_ids))
        .group_by(PhoneContact.list_id, PhoneContact.outcome)
    )
    outcomes: dict[int, dict[str, int]] = {list_id: {} for list_id in list_ids}
    for list_id, outcome, count in session.execute(query):
        outcomes[list_id][outcome] = count
    return outcomes


def count_open(session: Session, list_id: int) -> int:
    """How many contacts of a list may still be called."""
    still = (PhoneContact.list_id == list_id) & PhoneContact.sealed.is_not(None)
    return session.scalar(select(func.count()).select_from(PhoneContact).where(still)) or 0


def fetch_contact(session: Session, contact_id: int) -> PhoneContact | None:
    """One contact."""
    return session.get(PhoneContact, contact_id)


def fetch_known_marks(session: Session, marks: Collection[str]) -> set[str]:
    """Those of some marks that are on a list already."""
    known = session.scalars(select(PhoneContact.mark).where(PhoneContact.mark.in_(marks)))
    return {mark for mark in known if mark is not None}


def next_to_call(session: Session, list_id: int, user_id: int, at: dt.datetime) -> PhoneContact | None:
    """Whom a person calls next, locked: whom they hold already, else the least called of those nobody holds."""
    free = or_(PhoneContact.held_until.is_(None), PhoneContact.held_until <= at, PhoneContact.held_by_id == user_id)
    due = or_(PhoneContact.not_before.is_(None), PhoneContact.not_before <= at)
    query = (
        select(PhoneContact)
        .where(PhoneContact.list_id == list_id, PhoneContact.sealed.is_not(None), free, due)
        .order_by((func.coalesce(PhoneContact.held_by_id, 0) == user_id).desc(), PhoneContact.calls, PhoneContact.place)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    contact: PhoneContact | None = session.scalar(query)
    return contact


def erase_contacts(session: Session, lists: Collection[int] | Select[int]) -> int:
    """Erase what leads to a person in some lists, whatever the outcome; in how many contacts it still stood."""
    open_ = PhoneContact.list_id.in_(lists) & PhoneContact.sealed.is_not(None)
    gone = update(PhoneContact).where(open_).values(sealed=None, held_by_id=None, held_until=None)
    return len(session.scalars(gone.returning(PhoneContact.id)).all())


def erase_over(session: Session, today: dt.date, marks_before: dt.date) -> int:
    """Erase the contacts of lists whose last day is over, and marks of lists that ended before a day."""
    erased = erase_contacts(session, select(PhoneList.id).where(PhoneList.last_day < today))
    old = PhoneContact.list_id.in_(select(PhoneList.id).where(PhoneList.last_day < marks_before))
    session.execute(update(PhoneContact).where(old).values(mark=None))
    return erased


def insert_contacts(session: Session, contacts: Sequence[tuple[str, str]], list_id: int) -> None:
    """Store new contacts in the order in which they are called; each: its mark and what is sealed."""
    shared = {"list_id": list_id, "outcome": WAITING, "calls": 0}
    rows = [shared | {"place": n, "mark": mark, "sealed": sealed} for n, (mark, sealed) in enumerate(contacts, start=1)]
    session.execute(insert(PhoneContact), rows)


def _lists() -> Select[Any]:
    lists = asked_at(PhoneList, PhoneList, Service.code)
    return lists.outerjoin(Service, Service.id == PhoneList.service_id)
