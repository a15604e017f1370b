"""Registers a measure, changes its words, ends it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from analysis.measures.models import Measure
from analysis.measures.origin_queries import fetch_cases_behind, set_cases_behind
from survey.foundation.changes import audit
from survey.foundation.clock import now
from survey.foundation.storage.database import locked, writing
from survey.registry.models import Agency, Service


@dataclass(frozen=True, kw_only=True)
class NewMeasure:
    """What is registered; the caller has asked for the permission."""

    province_id: int
    sector: str
    agency_id: int
    service_id: int | None
    what: str
    who: str
    starts_on: dt.date
    cases: tuple[int, ...] = ()


def register_measure(new: NewMeasure, user_id: int) -> int:
    """Store it with its trace; returns its id."""
    with writing() as session:
        stored = {name: value for name, value in asdict(new).items() if name != "cases"}
        measure = Measure(**stored, registered_at=now(), registered_by_id=user_id)
        session.add(measure)
        session.flush()
        set_cases_behind(session, measure.id, new.cases)
        service = session.get_one(Service, new.service_id).code if new.service_id else None
        after = {
            "sector": new.sector,
            "agency": session.get_one(Agency, new.agency_id).code,
            "service": service,
            "what": new.what,
            "who": new.who,
            "starts_on": new.starts_on.isoformat(),
            "cases": list(new.cases),
        }
        audit.record(
            session,
            "register_measure",
            "measure",
            measure.id,
            province_id=new.province_id,
            after=after,
            user_id=user_id,
        )
        return int(measure.id)


@dataclass(frozen=True, kw_only=True)
class MeasureText:
    """What may change after the registration; `ends_on` None: still in force."""

    what: str
    who: str
    ends_on: dt.date | None
    cases: tuple[int, ...] = ()


def change_measure(measure_id: int, words: MeasureText) -> None:
    """Change or end a measure, with its trace; where and since when stays as registered (the caller has asked)."""
    with writing() as session:
        measure = locked(session, Measure, measure_id)
        cases = fetch_cases_behind(session, measure_id)
        before = MeasureText(what=measure.what, who=measure.who, ends_on=measure.ends_on, cases=cases)
        if before == words:
            return
        measure.what, measure.who, measure.ends_on = words.what, words.who, words.ends_on
        set_cases_behind(session, measure_id, words.cases)
        audit.record(
            session,
            "change_measure",
            "measure",
            measure_id,
            province_id=measure.province_id,
            before=_json(before),
            after=_json(words),
        )


def _json(words: MeasureText) -> dict[str, Any]:
    day = words.ends_on.isoformat() if words.ends_on else None
    return asdict(words) | {"ends_on": day, "cases": list(words.cases)}
