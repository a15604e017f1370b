"""Changes made at the desk: by the rules of the imports, in one transaction, with a trace in the audit log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from survey.foundation.changes.audit import record
from survey.foundation.storage.database import db, locked, writing
from survey.registry.files.agencies import Agencies
from survey.registry.files.counters import Counters
from survey.registry.files.records import ImportScope, RecordKind
from survey.registry.files.services import Services
from survey.registry.files.single_record import save_record
from survey.registry.models import Counter

AGENCIES, SERVICES, COUNTERS = Agencies(), Services(), Counters()


def stored_values(kind: RecordKind, code: str) -> dict[str, Any]:
    """A record's values as its form shows them."""
    return kind.fetch(db.session(), ())[(code,)].values


def save(kind: RecordKind, texts: Mapping[str, str], scope: ImportScope, *, new: bool, seen: str) -> str:
    """Store an agency, service or counter; returns its code.

    Raises:
        EditRefused: with everything that is wrong.
    """
    with writing() as session:
        code: str = save_record(session, kind, texts, scope, new=new, seen=seen).key[0]
        return code


def close_counter(counter_id: int, closed_on: dt.date | None) -> None:
    """Close a counter from a day on, or open it again (None); its code stays its own."""
    with writing() as session:
        counter = locked(session, Counter, counter_id)
        before, counter.closed_on = counter.closed_on, closed_on
        if before != closed_on:
            record(
                session,
                "close" if closed_on else "reopen",
                "counters",
                counter.code,
                province_id=counter.agency.province_id,
                before={"closed_on": _iso(before)},
                after={"closed_on": _iso(closed_on)},
            )


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
