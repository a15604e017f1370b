"""Looks up what submissions name - counters, agencies, services, questionnaire versions - a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from survey.foundation.caching.register import Register
from survey.questionnaires.definition import Definition
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.registry.models import Agency, Counter, Service
from survey.responses.submission import Submission


@dataclass(frozen=True)
class AnswerOrigin:
    """Where an answer belongs."""

    province_id: int
    agency_id: int
    counter_id: int | None


@dataclass(frozen=True)
class PublishedVersion:
    """Which questions an answer answers."""

    version_id: int
    sector: str
    definition: Definition


class Directory:
    """Everything that one batch of submissions names: remembered with the register, or one query a kind."""

    def __init__(self, session: Callable[[], Session], submissions: Iterable[Submission], known: Register) -> None:
        batch = list(submissions)
        codes = {s.counter for s in batch if s.counter}
        self.counters = known.several("counter", codes, lambda missing: _counters(session(), missing))
        codes = {s.agency for s in batch if s.agency}
        self.agencies = known.several("agency", codes, lambda missing: _agencies(session(), missing))
        codes = {s.service for s in batch if s.service}
        self.services = known.several("service", codes, lambda missing: _services(session(), missing))
        versions = {(s.questionnaire, s.version) for s in batch}
        self.versions = known.several("version", versions, lambda missing: _versions(session(), missing))


def _counters(session: Session, codes: Set[str]) -> dict[str, AnswerOrigin]:
    query = (
        select(Counter.code, Agency.province_id, Agency.id, Counter.id)
        .join(Agency, Counter.agency_id == Agency.id)
        .where(Counter.code.in_(codes))
    )
    return {code: AnswerOrigin(*ids) for code, *ids in session.execute(query)}


def _agencies(session: Session, codes: Set[str]) -> dict[str, AnswerOrigin]:
    query = select(Agency.code, Agency.province_id, Agency.id).where(Agency.code.in_(codes))
    return {code: AnswerOrigin(province, agency, None) for code, province, agency in session.execute(query)}


def _services(session: Session, codes: Set[str]) -> dict[str, tuple[int, str]]:
    query = select(Service.code, Service.id, Service.sector).where(Service.code.in_(codes))
    return {code: (id_, sector) for code, id_, sector in session.execute(query)}


def _versions(session: Session, wanted: Set[tuple[str, int]]) -> dict[tuple[str, int], PublishedVersion]:
    version = QuestionnaireVersion
    query = (
        select(version.questionnaire_key, version.version, version.id, Questionnaire.sector, version.definition)
        .join(Questionnaire)
        .where(tuple_(version.questionnaire_key, version.version).in_(wanted), version.published_at.is_not(None))
    )
    return {
        (key, number): PublishedVersion(id_, sector, Definition.parse(definition))
        for key, number, id_, sector, definition in session.execute(query)
    }
