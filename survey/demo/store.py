"""Puts the demonstration into an empty database: register, caseloads, then answers through the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey.demo.answers import answers_of
from survey.demo.burst import burst
from survey.demo.caseloads import agency_months, months_of_demo, overdue_of, rows_to_store, sent
from survey.demo.places import SERVICES, AgencySpec, provinces
from survey.foundation.batched import batched
from survey.foundation.clock import local_day, now, start_of_day
from survey.foundation.commands.progress import progress
from survey.foundation.languages.language import for_terminal
from survey.foundation.periods import Period
from survey.questionnaires.catalogue import shipped_questionnaires
from survey.questionnaires.definition import Definition
from survey.registry.models import (
    Agency,
    Caseload,
    Counter,
    Province,
    Service,
    counter_services,
)
from survey.registry.successions import set_document, set_successors
from survey.responses.ingest import store
from survey.responses.submission import Submission

BATCH = 5000
SHARE = {"dak-lak": 0.36, "son-la": 0.26, "an-giang": 0.26}


class Refusal(RuntimeError):
    """The door would not take an invented answer: the demonstration itself is wrong."""


def store_register(session: Session) -> None:
    """Agencies with their successors, services, counters."""
    session.execute(insert(Service), [_service_row(spec) for spec in SERVICES])
    services = {code: id_ for id_, code in session.execute(select(Service.id, Service.code))}
    for key, agencies in provinces().items():
        province_id = session.scalar(select(Province.id).where(Province.key == key))
        for agency in agencies:  # parents come first
            session.execute(insert(Agency).values(_agency_row(session, agency, province_id)))
        ids = {code: id_ for id_, code in session.execute(select(Agency.id, Agency.code))}
        _store_successions(session, agencies, ids)
        _store_documents(session, agencies, ids)
        _store_counters(session, agencies, ids, services)


def store_caseloads(session: Session, last_month: str) -> None:
    """Every caseload file that has come in."""
    agencies = {code: id_ for id_, code in session.execute(select(Agency.id, Agency.code))}
    services = {code: id_ for id_, code in session.execute(select(Service.id, Service.code))}
    rows = [
        {
            "agency_id": agencies[entry.agency.code],
            "service_id": services[entry.service.code],
            "month": entry.month,
            "respondent_kind": kind,
            "unit": entry.service.unit,
            "count": count,
            "overdue": overdue_of(entry, kind, count),
        }
        for specs in provinces().values()
        for entry in agency_months(specs, months_of_demo(last_month))
        if sent(entry, last_month)
        for kind, count in rows_to_store(entry)
    ]
    session.execute(insert(Caseload), rows)


def store_answers(session: Session, last_month: str, until: dt.date, part: float = 1.0) -> int:
    """Every answer, or a part of them (0-1), through the door in batches; returns how many were stored.

    Each came when its month ended, in the running month when its day did: all received at once today, the release gate
    would tell none of them before tomorrow.
    """
    stored, moment = 0, now()
    for received_at, answers in groupby(
        _all_answers(last_month, until, part), lambda answer: _received(answer, moment)
    ):
        for batch in batched(answers, BATCH):
            receipts = store(session, batch, received_at=received_at)
            refused = [receipt for receipt in receipts if receipt.status != "stored"]
            if refused:
                raise Refusal(f"{refused[0].status}: {refused[0].problem}")
            stored += len(receipts)
    return stored


def _received(answer: Submission, moment: dt.datetime) -> dt.datetime:
    day = local_day(answer.answered_at)
    month_ends = Period.parse(f"{day:%Y-%m}").ends_at
    ends = month_ends if month_ends <= moment else start_of_day(day + dt.timedelta(days=1))
    return min(ends - dt.timedelta(seconds=1), moment)


def _all_answers(last_month: str, until: dt.date, part: float) -> Iterable[Submission]:
    items = _detailed_items()
    months = months_of_demo(last_month)
    current = f"{until.year}-{until.month:02d}"
    every = [*months, *([] if current in months else [current])]
    for month in progress(every, for_terminal(_l("Nạp các tháng")), len(every)):
        recent = 3.0 if month > "2021" else 0.92
        answers = [
            answer
            for province, agencies in provinces().items()
            for entry in agency_months(agencies, [month])
            for answer in answers_of(province, entry, items, share=SHARE[province] * recent * part, until=until)
        ]
        yield from sorted(answers, key=lambda answer: answer.answered_at)
    yield from burst(last_month)


def _detailed_items() -> dict[str, Sequence[str]]:
    asked = {shipped["sector"]: Definition.parse(shipped["definition"]) for shipped in shipped_questionnaires()}
    return {
        sector: [item.code for item in definition.optional_items if item.is_rated]
        for sector, definition in asked.items()
    }


def _service_row(spec: object) -> dict[str, object]:
    return {name: getattr(spec, name) for name in ("code", "name", "sector", "field", "national_code")}


def _agency_row(session: Session, spec: AgencySpec, province_id: int | None) -> dict[str, object]:
    same = ("code", "name", "kind", "level", "area", "valid_from", "valid_to", "one_stop_since", "method_defined_on")
    parent_id = session.scalar(select(Agency.id).where(Agency.code == spec.parent)) if spec.parent else None
    return {**{name: getattr(spec, name) for name in same}, "province_id": province_id, "parent_id": parent_id}


def _store_successions(session: Session, agencies: Sequence[AgencySpec], ids: dict[str, int]) -> None:
    successors = {ids[agency.code]: [ids[code] for code in agency.successors] for agency in agencies}
    set_successors(session, successors)


def _store_documents(session: Session, agencies: Sequence[AgencySpec], ids: dict[str, int]) -> None:
    for agency in agencies:
        if agency.ended_by:
            set_document(session, ids[agency.code], agency.ended_by)


def _store_counters(
    session: Session, agencies: Sequence[AgencySpec], ids: dict[str, int], services: dict[str, int]
) -> None:
    for agency in agencies:
        for number in range(1, agency.counters + 1 if agency.services else 1):
            name = f"Quầy số {number}" if agency.kind == "administrative" else f"Điểm đánh giá số {number}"
            code = f"{agency.code}-Q{number}"
            closed_on = agency.valid_to and agency.valid_to + dt.timedelta(days=1)
            values = {"agency_id": ids[agency.code], "code": code, "name": name, "closed_on": closed_on}
            counter_id = session.scalar(insert(Counter).values(values).returning(Counter.id))
            links = [{"counter_id": counter_id, "service_id": services[service]} for service in agency.services]
            session.execute(insert(counter_services), links)
