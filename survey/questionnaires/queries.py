"""What the editor reads and writes of questionnaires: SQL only. Published versions are never written again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from survey.foundation.storage.database import db
from survey.foundation.text.vietnamese import in_order
from survey.questionnaires.counter_services import ServicePoint
from survey.questionnaires.models import Questionnaire, QuestionnaireVersion
from survey.registry.models import Agency, Counter, Service


def fetch_questionnaires() -> list[Questionnaire]:
    """Every questionnaire, in the order of keys."""
    return list(db.session.scalars(select(Questionnaire).order_by(Questionnaire.key)))


def fetch_questionnaire(key: str) -> Questionnaire | None:
    """One questionnaire."""
    return db.session.get(Questionnaire, key)


def fetch_versions(key: str) -> list[QuestionnaireVersion]:
    """Its versions, the newest first; a draft has no `published_at`."""
    query = select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_key == key)
    return list(db.session.scalars(query.order_by(QuestionnaireVersion.version.desc())))


def fetch_version(key: str, number: int) -> QuestionnaireVersion | None:
    """One version."""
    questionnaire_version: QuestionnaireVersion | None = db.session.scalar(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.questionnaire_key == key, QuestionnaireVersion.version == number
        )
    )
    return questionnaire_version


def find_draft(session: Session, key: str) -> QuestionnaireVersion | None:
    """The version that is not published yet; there is at most one."""
    questionnaire_version: QuestionnaireVersion | None = session.scalar(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.questionnaire_key == key, QuestionnaireVersion.published_at.is_(None)
        )
    )
    return questionnaire_version


def last_number(session: Session, key: str) -> int:
    """The highest version number there is, drafts included."""
    query = select(func.max(QuestionnaireVersion.version)).where(QuestionnaireVersion.questionnaire_key == key)
    return session.scalar(query) or 0


def add_draft(session: Session, key: str, number: int, definition: dict[str, Any]) -> None:
    """Store a draft."""
    session.add(QuestionnaireVersion(questionnaire_key=key, version=number, definition=definition, published_at=None))


def drop_draft(session: Session, key: str) -> None:
    """Throw a draft away."""
    session.execute(
        delete(QuestionnaireVersion).where(
            QuestionnaireVersion.questionnaire_key == key, QuestionnaireVersion.published_at.is_(None)
        )
    )


def fetch_services(sector: str) -> list[Service]:
    """The services of a sector by name."""
    services = db.session.scalars(select(Service).where(Service.sector == sector))
    return in_order(services, lambda service: (service.name, service.code))


class PlaceNames(NamedTuple):
    """A counter's code and name, and of its agency what a link to it takes."""

    code: str
    name: str
    agency: AgencyNames


class AgencyNames(NamedTuple):
    """An agency as a page names it."""

    id: int
    province_id: int
    code: str
    name: str


def fetch_places(provinces: Collection[int], day: dt.date) -> list[tuple[ServicePoint, PlaceNames]]:
    """The counters open on a day, each with its names."""
    point = (Counter.id, Agency.id, Agency.kind, Agency.parent_id)
    query = (
        select(*point, Counter.code, Counter.name, Agency.id, Agency.province_id, Agency.code, Agency.name)
        .join(Agency, Agency.id == Counter.agency_id)
        .where(
            Agency.province_id.in_(provinces),
            or_(Counter.closed_on.is_(None), Counter.closed_on > day),
            or_(Agency.valid_to.is_(None), Agency.valid_to >= day),
        )
    )
    rows = in_order(db.session.execute(query), lambda row: (row[9], row[5], row[4]))
    return [
        (ServicePoint(*row[:4]), PlaceNames(row[4], row[5], AgencyNames(row[6], row[7], row[8], row[9])))
        for row in rows
    ]


def fetch_titles(keys: Collection[str]) -> dict[str, str]:
    """Titles of questionnaires by key."""
    query = select(Questionnaire.key, Questionnaire.title).where(Questionnaire.key.in_(keys))
    return dict(db.session.execute(query).all())


def count_published(_province_id: int = 0) -> int:
    """How many questionnaires have a published version; all provinces share them."""
    query = select(func.count(func.distinct(QuestionnaireVersion.questionnaire_key)))
    return db.session.scalar(query.where(QuestionnaireVersion.published_at.is_not(None))) or 0
