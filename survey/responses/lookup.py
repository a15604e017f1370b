"""Looks up what submissions name - counters, agencies, services, questionnaire versions - a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from survey.questionnaires.definition import Definition
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.registry.models import Agency, Counter, Service
from survey.responses.submission import Submission


@dataclass(frozen=True)
class Place:
    """Where an answer belongs."""

    province_id: int
    agency_id: int
    counter_id: int | None


@dataclass(frozen=True)
class Asked:
    """Which questions an answer answers."""

    version_id: int
    sector: str
    definition: Definition


class Directory:
    """Everything that one batch of submissions names, fetched with one query a kind."""

    def __init__(self, session: Session, submissions: Iterable[Submission]) -> None:
        batch = list(submissions)
        self.counters = _counters(session, {s.counter for s in batch if s.counter})
        self.agencies = _agencies(session, {s.agency for s in batch if s.agency})
        self.services = _services(session, {s.service for s in batch if s.service})
        self.versions = _versions(session, {(s.questionnaire, s.version) for s in batch})


def _counters(session: Session, codes: set[str]) -> dict[str, Place]:
    query = (
        select(Counter.code, Agency.province_id, Agency.id, Counter.id)
        .join(Agency, Counter.agency_id == Agency.id)
        .where(Counter.code.in_(codes))
    )
    return {code: Place(*ids) for code, *ids in session.execute(query)} if codes else {}


def _agencies(session: Session, codes: set[str]) -> dict[str, Place]:
    query = select(Agency.code, Agency.province_id, Agency.id).where(Agency.code.in_(codes))
    return {code: Place(province, agency, None) for code, province, agency in session.execute(query)} if codes else {}


def _services(session: Session, codes: set[str]) -> dict[str, tuple[int, str]]:
    query = select(Service.code, Service.id, Service.sector).where(Service.code.in_(codes))
    return {code: (id_, sector) for code, id_, sector in session.execute(query)} if codes else {}


def _versions(session: Session, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Asked]:
    version = QuestionnaireVersion
    query = (
        select(version.questionnaire_key, version.version, version.id, Questionnaire.sector, version.definition)
        .join(Questionnaire)
        .where(tuple_(version.questionnaire_key, version.version).in_(wanted), version.published_at.is_not(None))
    )
    return {
        (key, number): Asked(id_, sector, Definition.parse(definition))
        for key, number, id_, sector, definition in (session.execute(query) if wanted else ())
    }
