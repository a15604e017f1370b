"""What the citizen's pages read from the database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey.foundation.text.vietnamese import in_order
from survey.questionnaires.counter_services import ServicePoint
from survey.registry.models import Agency, AgencySuccession, Counter
from survey.responses.models import Response


class CounterRow(NamedTuple):
    """A counter with its agency."""

    place: ServicePoint
    province_id: int
    code: str
    name: str
    closed_on: dt.date | None
    agency: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    agency_code: str

    def is_closed(self, day: dt.date) -> bool:
        """Whether the counter takes no ratings on a day: it is closed from `closed_on` on."""
        return self.closed_on is not None and self.closed_on <= day

    def is_agency_gone(self, day: dt.date) -> bool:
        """Whether the agency no longer existed on a day; `valid_to` is its last."""
        return self.valid_to is not None and self.valid_to < day

    def is_agency_to_come(self, day: dt.date) -> bool:
        """Whether the agency did not exist yet on a day."""
        return self.valid_from is not None and self.valid_from > day

    def exists_on(self, day: dt.date) -> bool:
        """Whether counter and agency both serve people on a day."""
        return not (self.is_closed(day) or self.is_agency_gone(day) or self.is_agency_to_come(day))


def fetch_counter(session: Session, code: str) -> CounterRow | None:
    """One counter by its printed code, or as people type that: in another case, with a full stop behind it."""
    row = session.execute(_counters().where(Counter.code == code)).first()
    if row is None:
        alike = session.execute(_counters().where(func.upper(Counter.code) == code.rstrip(".").upper()).limit(2)).all()
        row = alike[0] if len(alike) == 1 else None
    return _counter_row(*row) if row else None


def fetch_counters(session: Session, provinces: Collection[int]) -> list[CounterRow]:
    """The counters of some provinces by agency and name."""
    query = _counters().where(Agency.province_id.in_(provinces))
    rows = [_counter_row(*row) for row in session.execute(query)]
    return in_order(rows, lambda row: (row.agency, row.name, row.code))


def fetch_some_code(session: Session) -> str | None:
    """The code of a counter that is open; None where there is none."""
    return session.scalar(select(Counter.code).where(Counter.closed_on.is_(None)).order_by(Counter.id).limit(1))


def _counters() -> Select[*tuple[Any, ...]]:
    return select(
        Counter.id,
        Agency.id,
        Agency.kind,
        Agency.parent_id,
        Agency.province_id,
        Counter.code,
        Counter.name,
        Counter.closed_on,
        Agency.name,
        Agency.valid_from,
        Agency.valid_to,
        Agency.code,
    ).join(Agency, Counter.agency_id == Agency.id)


def _counter_row(counter_id: int, agency_id: int, agency_kind: str, parent_id: int | None, *rest: Any) -> CounterRow:
    return CounterRow(ServicePoint(counter_id, agency_id, agency_kind, parent_id), *rest)


def fetch_successors(session: Session, agency_id: int) -> list[str]:
    """Names of the agencies that took over from one."""
    query = (
        select(Agency.name)
        .join(AgencySuccession, AgencySuccession.successor_id == Agency.id)
        .where(AgencySuccession.predecessor_id == agency_id)
    )
    return in_order(session.scalars(query), lambda name: (name,))


def is_stored(session: Session, response_id: uuid.UUID) -> bool:
    """Whether an answer is on disk."""
    return session.scalar(select(Response.id).where(Response.id == response_id)) is not None
